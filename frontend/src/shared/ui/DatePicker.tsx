import { lazy, Suspense } from 'react'
import type { FieldBase } from './Field'

export type DatePickerProps = FieldBase & {
  value: string | null
  onChange: (isoDate: string | null) => void
  min?: string
  max?: string
}

const Field = lazy(() => import('./DatePickerField'))

/** A day as "YYYY-MM-DD". The calendar is fetched when a form shows it. */
export function DatePicker(props: DatePickerProps) {
  return (
    <Suspense fallback={<div className="h-[60px]" />}>
      <Field {...props} />
    </Suspense>
  )
}
