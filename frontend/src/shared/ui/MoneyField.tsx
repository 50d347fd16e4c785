import { useState } from 'react'
import { useCommon } from '../i18n/common'
import { formatFen, parseYuan } from '../lib/money'
import { type FieldBase, TextField } from './Field'

const plain = (fen: number | null) => (fen === null ? '' : formatFen(fen, { trim: true }).replace('¥', ''))

/** Typed in yuan, held in integer fen. */
export function MoneyField({
  value,
  onChange,
  error,
  ...props
}: FieldBase & { value: number | null; onChange: (fen: number | null) => void; placeholder?: string }) {
  const t = useCommon()
  const [text, setText] = useState<string>()
  const typed = text ?? plain(value)
  const bad = typed !== '' && parseYuan(typed) === undefined
  return (
    <TextField
      {...props}
      inputMode="decimal"
      value={typed}
      suffix={t.yuan}
      error={error ?? (bad ? t.invalidAmount : undefined)}
      onChange={(next) => {
        setText(next)
        const fen = parseYuan(next)
        if (fen !== undefined || next.trim() === '') onChange(fen ?? null)
      }}
      onBlur={() => {
        if (!bad) setText(undefined)
      }}
    />
  )
}
