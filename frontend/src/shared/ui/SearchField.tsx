import { Search, X } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { useCommon } from '../i18n/common'
import { cx } from '../lib/cx'

export type SearchProps = { label: string; value: string; onChange: (value: string) => void; suggestions?: string[]; className?: string }

/** Tells its text on 250 ms after the last key; a slash anywhere on the page leads to it. */
export function SearchField({ label, value, onChange, suggestions, className }: SearchProps) {
  const t = useCommon()
  const [text, setText] = useState(value)
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const busy = (event.target as HTMLElement).closest('input, textarea, select, [contenteditable], [role=dialog]')
      if (event.key !== '/' || busy || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      field.current?.focus()
    }
    document.addEventListener('keydown', focus)
    return () => document.removeEventListener('keydown', focus)
  }, [])
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), 250)
    return () => clearTimeout(timer)
  })
  return (
    <div className={cx('field', className)}>
      <Search size={16} className="mr-2 ml-3 shrink-0 text-ink-3" aria-hidden />
      <input
        ref={field}
        type="search"
        list={suggestions?.length ? id : undefined}
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="min-w-0 flex-1 bg-transparent outline-none [&::-webkit-search-cancel-button]:hidden"
      />
      {!!suggestions?.length && (
        <datalist id={id}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      {text && (
        <button
          type="button"
          aria-label={t.clear}
          onClick={() => {
            setText('')
            onChange('')
          }}
          className="hit grid h-8 w-9 place-items-center text-ink-3"
        >
          <X size={16} aria-hidden />
        </button>
      )}
    </div>
  )
}
