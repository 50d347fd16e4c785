import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { cx } from '../lib/cx'
import { type ButtonSize, type ButtonVariant, buttonClass } from './Button'

type Props = {
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: ReactNode
  children?: ReactNode
  className?: string
  'aria-label'?: string
}

/** The button of a menu, popover or file chooser: the component kit tells it what it opens. */
export function TriggerButton({ variant, size, icon, children, className, ...props }: Props) {
  return (
    <AriaButton {...props} className={cx(buttonClass(variant, size), className)}>
      {icon}
      {children}
    </AriaButton>
  )
}
