import { cx } from '../../shared/lib/cx'
import { Time } from '../../shared/ui/Text'
import type { Quote } from './queries'

/** The conversation with the customer, oldest first. */
export function Messages({ messages }: { messages: Quote['messages'] }) {
  return (
    <ul className="flex flex-col gap-3">
      {messages.map((one) => (
        <li
          key={one.id}
          className={cx(
            'max-w-[85%] rounded-card border px-3.5 py-2.5',
            one.customer ? 'border-line bg-sunken' : 'ml-auto border-accent-line bg-accent-soft',
          )}
        >
          <p className="flex justify-between gap-4 text-ink-3 text-small">
            <span>{one.name}</span>
            <Time value={one.at} />
          </p>
          <p className="whitespace-pre-line break-words">{one.text}</p>
        </li>
      ))}
    </ul>
  )
}
