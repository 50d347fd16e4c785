import { Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  Button as AriaButton,
  ComboBox as AriaComboBox,
  Select as AriaSelect,
  Input,
  ListBox,
  ListBoxItem,
  SelectValue,
  Text,
} from 'react-aria-components'
import { useCommon } from '../i18n/common'
import { cx } from '../lib/cx'
import { type FieldBase, FieldHelp, FieldLabel, fieldStack } from './Field'
import { Popover } from './Popover'

export type Option<V extends string = string> = { id: V; label: string; description?: string; icon?: ReactNode; isDisabled?: boolean }

export const optionClass =
  'hit flex cursor-default items-center gap-2 rounded-tag px-2.5 py-1.5 outline-none data-focused:bg-neutral-soft data-disabled:text-ink-3'

function OptionRow(option: Option) {
  return (
    <ListBoxItem id={option.id} textValue={option.label} isDisabled={option.isDisabled} className={optionClass}>
      {({ isSelected }) => (
        <>
          {option.icon}
          <span className="min-w-0 flex-1">
            <Text slot="label" className="block truncate">
              {option.label}
            </Text>
            {option.description && (
              <Text slot="description" className="block truncate text-ink-3 text-meta">
                {option.description}
              </Text>
            )}
          </span>
          {isSelected && <Check size={16} className="shrink-0 text-accent" aria-hidden />}
        </>
      )}
    </ListBoxItem>
  )
}

const list = 'max-h-[inherit] min-w-40 overflow-auto p-1 outline-none'
const popover = 'max-h-80 min-w-(--trigger-width) overflow-hidden'

type SelectProps<V extends string> = FieldBase & {
  options: Option<V>[]
  value: V | null
  onChange: (value: V) => void
  placeholder?: string
}

export function Select<V extends string>({
  label,
  description,
  error,
  hideLabel,
  className,
  options,
  value,
  onChange,
  placeholder,
  isRequired,
  ...props
}: SelectProps<V>) {
  const t = useCommon()
  return (
    <AriaSelect
      {...props}
      placeholder={placeholder ?? t.pick}
      value={value}
      onChange={(key) => key !== null && onChange(String(key) as V)}
      isInvalid={!!error}
      validationBehavior="aria"
      className={cx(fieldStack, className)}
    >
      <FieldLabel label={label} isRequired={isRequired} hideLabel={hideLabel} />
      <AriaButton className="field focus-ring gap-2 px-3 text-left" data-invalid={error ? '' : undefined}>
        <SelectValue className="min-w-0 flex-1 truncate data-placeholder:text-ink-3">
          {({ selectedText, defaultChildren }) => selectedText || defaultChildren}
        </SelectValue>
        <ChevronDown size={16} className="shrink-0 text-ink-3" aria-hidden />
      </AriaButton>
      <FieldHelp description={description} error={error} />
      <Popover className={popover}>
        <ListBox items={options} className={list}>
          {OptionRow}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}

type ComboProps<V extends string> = FieldBase & {
  options: Option<V>[]
  value: V | null
  onChange: (value: V | null) => void
  /** What is typed; with it the caller searches and `options` are the server's answer. */
  input?: string
  onInput?: (text: string) => void
  isLoading?: boolean
  placeholder?: string
  /** Shown when nothing matches: say what to do next. */
  empty?: ReactNode
}

export function ComboBox<V extends string>({
  label,
  description,
  error,
  hideLabel,
  className,
  options,
  value,
  onChange,
  input,
  onInput,
  isLoading,
  placeholder,
  empty,
  isRequired,
  ...props
}: ComboProps<V>) {
  const t = useCommon()
  return (
    <AriaComboBox
      {...props}
      {...(onInput ? { items: options, inputValue: input, onInputChange: onInput } : { defaultItems: options })}
      value={value}
      onChange={(key) => onChange(key === null ? null : (String(key) as V))}
      allowsEmptyCollection
      menuTrigger="focus"
      isInvalid={!!error}
      validationBehavior="aria"
      className={cx(fieldStack, className)}
    >
      <FieldLabel label={label} isRequired={isRequired} hideLabel={hideLabel} />
      <div className="field" data-invalid={error ? '' : undefined}>
        <Input placeholder={placeholder} className="min-w-0 flex-1 bg-transparent px-3 outline-none" />
        <AriaButton className="grid h-full w-9 shrink-0 place-items-center text-ink-3">
          <ChevronDown size={16} aria-hidden />
        </AriaButton>
      </div>
      <FieldHelp description={description} error={error} />
      <Popover className={popover}>
        <ListBox
          items={onInput ? options : undefined}
          className={list}
          renderEmptyState={() => <div className="px-2.5 py-2 text-ink-3 text-small">{isLoading ? t.loading : (empty ?? t.noOptions)}</div>}
        >
          {OptionRow}
        </ListBox>
      </Popover>
    </AriaComboBox>
  )
}
