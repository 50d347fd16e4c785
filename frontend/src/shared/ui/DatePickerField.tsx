import { parseDate } from '@internationalized/date'
import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react'
import {
  DatePicker as AriaDatePicker,
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  DateInput,
  DateSegment,
  Dialog,
  Group,
  Heading,
} from 'react-aria-components'
import { cx } from '../lib/cx'
import type { DatePickerProps } from './DatePicker'
import { FieldHelp, FieldLabel, fieldStack } from './Field'
import { Popover } from './Popover'

/** A day as "YYYY-MM-DD". */
export default function DatePickerField({
  label,
  description,
  error,
  hideLabel,
  className,
  value,
  onChange,
  min,
  max,
  isRequired,
  ...props
}: DatePickerProps) {
  return (
    <AriaDatePicker
      {...props}
      value={value ? parseDate(value) : null}
      onChange={(next) => onChange(next?.toString() ?? null)}
      minValue={min ? parseDate(min) : undefined}
      maxValue={max ? parseDate(max) : undefined}
      isInvalid={!!error}
      validationBehavior="aria"
      className={cx(fieldStack, className)}
    >
      <FieldLabel label={label} isRequired={isRequired} hideLabel={hideLabel} />
      <Group className="field">
        <DateInput className="num flex min-w-0 flex-1 items-center px-3">
          {(segment) => (
            <DateSegment
              segment={segment}
              className="rounded-check px-0.5 outline-none data-focused:bg-accent-soft data-placeholder:text-ink-3 data-focused:text-accent-text"
            />
          )}
        </DateInput>
        <Button className="focus-ring grid h-full w-9 place-items-center rounded-control text-ink-3">
          <CalendarDays size={16} aria-hidden />
        </Button>
      </Group>
      <FieldHelp description={description} error={error} />
      <Popover className="p-3">
        <Dialog className="outline-none">
          <Calendar>
            <header className="mb-2 flex items-center gap-1">
              <Heading className="flex-1 pl-2 font-medium" />
              <Button slot="previous" className="hit focus-ring grid size-8 place-items-center rounded-control hover:bg-neutral-soft">
                <ChevronLeft size={16} aria-hidden />
              </Button>
              <Button slot="next" className="hit focus-ring grid size-8 place-items-center rounded-control hover:bg-neutral-soft">
                <ChevronRight size={16} aria-hidden />
              </Button>
            </header>
            <CalendarGrid className="text-center text-small [&_th]:pb-1 [&_th]:font-normal [&_th]:text-ink-3">
              {(date) => (
                <CalendarCell
                  date={date}
                  className="num focus-ring grid size-9 cursor-default place-items-center rounded-control hover:bg-neutral-soft data-outside-month:hidden data-disabled:text-ink-3 data-selected:bg-accent data-selected:text-ink-on"
                />
              )}
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </AriaDatePicker>
  )
}
