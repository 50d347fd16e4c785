import { createLink } from '@tanstack/react-router'
import { LoaderCircle } from 'lucide-react'
import { type AnchorHTMLAttributes, type ButtonHTMLAttributes, type ReactNode, type Ref, useState } from 'react'
import { cx } from '../lib/cx'

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger'
export type ButtonSize = 'small' | 'medium' | 'large'

const looks: Record<ButtonVariant, string> = {
  primary: 'bg-ink text-ink-on hover:bg-ink-hover active:bg-ink-hover border-transparent font-medium',
  secondary: 'bg-sheet text-ink border-line-strong hover:bg-sunken active:bg-neutral-soft',
  quiet: 'bg-transparent text-ink-2 border-transparent hover:bg-neutral-soft active:bg-neutral-soft',
  danger: 'bg-sheet text-cinnabar border-cinnabar-line hover:bg-cinnabar-soft active:bg-cinnabar-soft',
}
const sizes: Record<ButtonSize, string> = {
  small: 'h-7 px-2.5 gap-1 text-small',
  medium: 'h-[34px] px-3.5 gap-1.5 text-body',
  large: 'h-10 px-5 gap-2 text-body',
}

export const buttonClass = (variant: ButtonVariant = 'secondary', size: ButtonSize = 'medium') =>
  cx(
    'hit focus-ring relative inline-flex shrink-0 cursor-default select-none items-center justify-center whitespace-nowrap rounded-control border transition-colors duration-100',
    'disabled:border-transparent disabled:bg-neutral-soft disabled:text-ink-3 data-disabled:border-transparent data-disabled:bg-neutral-soft data-disabled:text-ink-3',
    looks[variant],
    sizes[size],
  )

export type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'onClick' | 'disabled'> & {
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: ReactNode
  className?: string
  isDisabled?: boolean
  isPending?: boolean
  /** While a returned promise is open the button is pending and ignores further presses. */
  onPress?: () => unknown
  ref?: Ref<HTMLButtonElement>
}

/** A native button: the component kit's own is only needed as a trigger (see TriggerButton). */
export function Button({
  variant,
  size,
  icon,
  children,
  className,
  onPress,
  isDisabled,
  isPending,
  type = 'button',
  ...props
}: ButtonProps) {
  const [busy, setBusy] = useState(false)
  const pending = isPending || busy
  const press = () => {
    const result = onPress?.()
    if (!(result instanceof Promise)) return
    setBusy(true)
    result.catch(() => {}).finally(() => setBusy(false))
  }
  return (
    <button
      {...props}
      type={pending ? 'button' : type}
      disabled={isDisabled}
      aria-disabled={pending || undefined}
      onClick={pending || !onPress ? undefined : press}
      className={cx(buttonClass(variant, size), className)}
    >
      {pending ? <LoaderCircle size={16} className="animate-spin" aria-hidden /> : icon}
      {children}
    </button>
  )
}

export function IconButton({ label, className, ...props }: Omit<ButtonProps, 'children'> & { label: string }) {
  return <Button variant="quiet" {...props} aria-label={label} className={cx('w-[34px] !px-0', className)} />
}

type AnchorProps = AnchorHTMLAttributes<HTMLAnchorElement> & {
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: ReactNode
  ref?: Ref<HTMLAnchorElement>
}

function Anchor({ variant, size, icon, children, className, ...props }: AnchorProps) {
  return (
    <a {...props} className={cx(buttonClass(variant, size), className)}>
      {icon}
      {children}
    </a>
  )
}
/** A link of the router that looks like a button. */
export const LinkButton = createLink(Anchor)
