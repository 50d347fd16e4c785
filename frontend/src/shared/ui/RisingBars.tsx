import { useCommon } from '../i18n/common'

const reaches = ['pilot', 'city', 'province', 'beyond'] as const
export type Reach = (typeof reaches)[number]

/** The mark: four rising bars, filled up to how far a product has come. */
export function RisingBars({ reach, hideLabel }: { reach: Reach; hideLabel?: boolean }) {
  const t = useCommon()
  const level = reaches.indexOf(reach)
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-meta text-ink-2">
      <svg width="15" height="14" viewBox="0 0 15 14" aria-hidden="true">
        {reaches.map((name, index) => (
          <rect
            key={name}
            x={index * 4}
            y={9 - index * 3}
            width="3"
            height={5 + index * 3}
            rx="1"
            className={index <= level ? 'fill-accent' : 'fill-line-strong'}
          />
        ))}
      </svg>
      <span className={hideLabel ? 'sr-only' : undefined}>{t.reach[reach]}</span>
    </span>
  )
}
