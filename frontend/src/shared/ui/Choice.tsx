import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  Checkbox as AriaCheckbox,
  CheckboxGroup as AriaCheckboxGroup,
  RadioGroup as AriaRadioGroup,
  Switch as AriaSwitch,
  type CheckboxProps,
  Radio,
  type SwitchProps,
} from 'react-aria-components'
import { cx } from '../lib/cx'
import { type FieldBase, FieldHelp, FieldLabel, fieldStack } from './Field'

const row = 'hit group flex cursor-default items-center gap-2.5 py-1 text-body data-disabled:text-ink-3'
const ring = 'group-data-focus-visible:outline-2 group-data-focus-visible:outline-focus group-data-focus-visible:outline-offset-2'

export function Checkbox({
  children,
  className,
  ...props
}: Omit<CheckboxProps, 'children' | 'className'> & { children?: ReactNode; className?: string }) {
  return (
    <AriaCheckbox {...props} className={cx(row, className)}>
      {({ isSelected, isIndeterminate }) => (
        <>
          <span
            className={cx(
              'grid size-4 shrink-0 place-items-center rounded-check border',
              isSelected || isIndeterminate ? 'border-accent bg-accent text-ink-on' : 'border-control bg-sheet',
              ring,
            )}
          >
            {isIndeterminate ? (
              <Minus size={12} strokeWidth={3} aria-hidden />
            ) : isSelected ? (
              <Check size={12} strokeWidth={3} aria-hidden />
            ) : null}
          </span>
          {children}
        </>
      )}
    </AriaCheckbox>
  )
}

export type Choice<V extends string> = { id: V; label: string; description?: string }

type ManyProps<V extends string> = FieldBase & { options: Choice<V>[]; value: V[]; onChange: (value: V[]) => void }

/** Several out of a few, each explained in a line. */
export function CheckboxGroup<V extends string>({
  label,
  description,
  error,
  hideLabel,
  className,
  options,
  value,
  onChange,
  isRequired,
  ...props
}: ManyProps<V>) {
  return (
    <AriaCheckboxGroup
      {...props}
      value={value}
      onChange={(next) => onChange(next as V[])}
      isInvalid={!!error}
      validationBehavior="aria"
      className={cx(fieldStack, className)}
    >
      <FieldLabel label={label} isRequired={isRequired} hideLabel={hideLabel} />
      <div className="flex flex-col">
        {options.map((option) => (
          <Checkbox key={option.id} value={option.id} className="items-start">
            <Words {...option} />
          </Checkbox>
        ))}
      </div>
      <FieldHelp description={description} error={error} />
    </AriaCheckboxGroup>
  )
}

function Words({ label, description }: { label: string; description?: string }) {
  return (
    <span className="-mt-[3px]">
      <span className="block">{label}</span>
      {description && <span className="block text-ink-3 text-small">{description}</span>}
    </span>
  )
}

type OneProps<V extends string> = FieldBase & { options: Choice<V>[]; value: V | null; onChange: (value: V) => void }

export function RadioGroup<V extends string>({
  label,
  description,
  error,
  hideLabel,
  className,
  options,
  value,
  onChange,
  isRequired,
  ...props
}: OneProps<V>) {
  return (
    <AriaRadioGroup
      {...props}
      value={value}
      onChange={(next) => onChange(next as V)}
      isInvalid={!!error}
      validationBehavior="aria"
      className={cx(fieldStack, className)}
    >
      <FieldLabel label={label} isRequired={isRequired} hideLabel={hideLabel} />
      {options.map((option) => (
        <Radio key={option.id} value={option.id} className={cx(row, 'items-start')}>
          {({ isSelected }) => (
            <>
              <span
                className={cx(
                  'grid size-4 shrink-0 place-items-center rounded-full border',
                  isSelected ? 'border-accent' : 'border-control',
                  ring,
                )}
              >
                {isSelected && <span className="size-2 rounded-full bg-accent" />}
              </span>
              <Words {...option} />
            </>
          )}
        </Radio>
      ))}
      <FieldHelp description={description} error={error} />
    </AriaRadioGroup>
  )
}

export function Switch({
  children,
  className,
  ...props
}: Omit<SwitchProps, 'children' | 'className'> & { children?: ReactNode; className?: string }) {
  return (
    <AriaSwitch {...props} className={cx(row, className)}>
      {({ isSelected }) => (
        <>
          <span
            className={cx(
              'flex h-5 w-8 shrink-0 items-center rounded-full p-0.5 transition-colors',
              isSelected ? 'bg-accent' : 'bg-control',
              ring,
            )}
          >
            <span className={cx('size-4 rounded-full bg-sheet transition-transform', isSelected && 'translate-x-3')} />
          </span>
          {children}
        </>
      )}
    </AriaSwitch>
  )
}
