import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  NumberField as AriaNumberField,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  Text,
} from 'react-aria-components'
import { useCommon } from '../i18n/common'
import { cx } from '../lib/cx'

export type FieldBase = {
  label: string
  name?: string
  description?: ReactNode
  error?: string
  isRequired?: boolean
  isInvalid?: boolean
  isDisabled?: boolean
  isReadOnly?: boolean
  /** For a field whose label is plain from its place; it is still read out. */
  hideLabel?: boolean
  className?: string
}

export function FieldLabel({ label, isRequired, hideLabel }: Pick<FieldBase, 'label' | 'isRequired' | 'hideLabel'>) {
  const t = useCommon()
  return (
    <Label className={cx('text-small text-ink', hideLabel && 'sr-only')}>
      {label}
      {isRequired === false && <span className="ml-1.5 text-ink-3 text-meta">{t.optional}</span>}
    </Label>
  )
}

export function FieldHelp({ description, error }: Pick<FieldBase, 'description' | 'error'>) {
  return (
    <>
      {description && !error && (
        <Text slot="description" className="text-ink-3 text-meta">
          {description}
        </Text>
      )}
      <FieldError className="flex items-start gap-1 text-cinnabar text-meta">
        {error && (
          <>
            <CircleAlert size={14} className="mt-0.5 shrink-0" aria-hidden />
            {error}
          </>
        )}
      </FieldError>
    </>
  )
}

export const fieldStack = 'flex flex-col gap-1.5'
const input = 'min-w-0 flex-1 bg-transparent px-3 outline-none'

type TextProps = FieldBase & {
  value: string
  onChange: (value: string) => void
  onBlur?: () => void
  type?: 'text' | 'email' | 'password' | 'tel' | 'url' | 'search'
  placeholder?: string
  autoComplete?: string
  autoFocus?: boolean
  maxLength?: number
  inputMode?: 'text' | 'decimal' | 'numeric' | 'email' | 'tel'
  suffix?: ReactNode
}

export function TextField({ label, description, error, hideLabel, className, placeholder, suffix, isRequired, ...props }: TextProps) {
  return (
    <AriaTextField
      {...props}
      aria-required={isRequired || undefined}
      isInvalid={!!error}
      validationBehavior="aria"
      className={cx(fieldStack, className)}
    >
      <FieldLabel label={label} isRequired={isRequired} hideLabel={hideLabel} />
      <div className="field" data-invalid={error ? '' : undefined} data-disabled={props.isDisabled ? '' : undefined}>
        <Input placeholder={placeholder} className={input} />
        {suffix && <span className="pr-3 text-ink-3 text-small">{suffix}</span>}
      </div>
      <FieldHelp description={description} error={error} />
    </AriaTextField>
  )
}

export function TextArea({
  label,
  description,
  error,
  hideLabel,
  className,
  placeholder,
  rows = 4,
  isRequired,
  ...props
}: TextProps & { rows?: number }) {
  return (
    <AriaTextField
      {...props}
      aria-required={isRequired || undefined}
      isInvalid={!!error}
      validationBehavior="aria"
      className={cx(fieldStack, className)}
    >
      <FieldLabel label={label} isRequired={isRequired} hideLabel={hideLabel} />
      <AriaTextArea rows={rows} placeholder={placeholder} className="field resize-y px-3 py-1.5 outline-none" />
      <FieldHelp description={description} error={error} />
    </AriaTextField>
  )
}

type NumberProps = FieldBase & {
  value: number | null
  onChange: (value: number | null) => void
  minValue?: number
  maxValue?: number
  step?: number
  suffix?: ReactNode
  placeholder?: string
}

export function NumberField({
  label,
  description,
  error,
  hideLabel,
  className,
  value,
  onChange,
  suffix,
  placeholder,
  isRequired,
  ...props
}: NumberProps) {
  return (
    <AriaNumberField
      {...props}
      value={value ?? Number.NaN}
      onChange={(next) => onChange(Number.isNaN(next) ? null : next)}
      isInvalid={!!error}
      validationBehavior="aria"
      className={cx(fieldStack, className)}
    >
      <FieldLabel label={label} isRequired={isRequired} hideLabel={hideLabel} />
      <div className="field" data-invalid={error ? '' : undefined}>
        <Input placeholder={placeholder} className={cx(input, 'num')} />
        {suffix && <span className="pr-3 text-ink-3 text-small">{suffix}</span>}
      </div>
      <FieldHelp description={description} error={error} />
    </AriaNumberField>
  )
}
