import { Check, CircleAlert, X } from 'lucide-react'
import { useEffect } from 'react'
import { useCommon } from '../i18n/common'
import { createStore } from '../lib/store'
import { Button, IconButton } from './Button'

type ToastItem = { id: number; text: string; bad?: boolean; ms: number; undo?: () => unknown }

const toasts = createStore<ToastItem[]>([])
let next = 1

const dismiss = (id: number) => toasts.set(toasts.get().filter((item) => item.id !== id))

/** `toast('已通过', { undo })`: with undo it stays six seconds. */
export function toast(text: string, { bad, undo, ms = undo ? 6000 : 4000 }: { bad?: boolean; undo?: () => unknown; ms?: number } = {}) {
  const id = next++
  toasts.set([...toasts.get().slice(-2), { id, text, bad, undo, ms }])
  return () => dismiss(id)
}

export function ToastRegion() {
  const items = toasts.use()
  return (
    <output
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-6 z-50 flex flex-col items-center gap-2 phone:bottom-[calc(72px+env(safe-area-inset-bottom))]"
    >
      {items.map((item) => (
        <ToastCard key={item.id} item={item} />
      ))}
    </output>
  )
}

function ToastCard({ item }: { item: ToastItem }) {
  const t = useCommon()
  useEffect(() => {
    const timer = setTimeout(() => dismiss(item.id), item.ms)
    return () => clearTimeout(timer)
  }, [item])
  return (
    <div className="pointer-events-auto flex min-h-11 max-w-[520px] animate-in items-center gap-2.5 rounded-card bg-ink py-1 pr-1.5 pl-4 text-ink-on shadow-pop">
      {item.bad ? <CircleAlert size={16} className="shrink-0" aria-hidden /> : <Check size={16} className="shrink-0" aria-hidden />}
      <span className="min-w-0 flex-1">{item.text}</span>
      {item.undo && (
        <Button
          size="small"
          variant="primary"
          className="underline underline-offset-4"
          onPress={() => {
            dismiss(item.id)
            return item.undo?.()
          }}
        >
          {t.undo}
        </Button>
      )}
      <IconButton label={t.close} size="small" variant="primary" icon={<X size={16} aria-hidden />} onPress={() => dismiss(item.id)} />
    </div>
  )
}
