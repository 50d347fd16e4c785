import type { ReactNode } from 'react'
import { Popover as AriaPopover, type PopoverProps as AriaPopoverProps } from 'react-aria-components'
import { cx } from '../lib/cx'

export type PopoverProps = Omit<AriaPopoverProps, 'className' | 'children'> & { className?: string; children?: ReactNode }

export function Popover({ className, ...props }: PopoverProps) {
  return (
    <AriaPopover
      offset={6}
      {...props}
      className={cx('rounded-card bg-raised text-body text-ink shadow-pop outline-none data-entering:animate-in', className)}
    />
  )
}
