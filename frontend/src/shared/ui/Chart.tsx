import { ChartColumn, Table2 } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { useCommon } from '../i18n/common'
import { Button } from './Button'

function useWidth() {
  const ref = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)))
    if (ref.current) observer.observe(ref.current)
    return () => observer.disconnect()
  }, [])
  return [ref, width] as const
}

/** Round steps for an axis: 0, 3, 6, 9... */
export function ticks(max: number, count = 4): number[] {
  if (max <= 0) return [0]
  const raw = max / count
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = ([1, 2, 2.5, 3, 5, 10].find((n) => n * power >= raw) ?? 10) * power
  return Array.from({ length: Math.ceil(max / step) + 1 }, (_, index) => index * step)
}

export type Bar = { label: string; value: number /** Not final yet: drawn hatched on top. */; pending?: number; isMarked?: boolean }

type Props = {
  title: string
  bars: Bar[]
  format: (value: number) => string
  /** Words for the two parts and the first column, used by the table and the reader. */
  words: { label: string; value: string; pending?: string }
  height?: number
}

export function BarChart({ title, bars, format, words, height = 260 }: Props) {
  const t = useCommon()
  const [ref, width] = useWidth()
  const [asTable, setAsTable] = useState(false)
  return (
    <figure ref={ref} className="relative">
      <div className="absolute right-0 -top-10">
        <Button
          size="small"
          variant="quiet"
          icon={asTable ? <ChartColumn size={16} aria-hidden /> : <Table2 size={16} aria-hidden />}
          onPress={() => setAsTable(!asTable)}
        >
          <span className="phone:sr-only">{asTable ? t.viewAsChart : t.viewAsTable}</span>
        </Button>
      </div>
      {asTable ? (
        <BarTable title={title} bars={bars} format={format} words={words} />
      ) : (
        width > 0 && <Bars title={title} bars={bars} format={format} words={words} width={width} height={height} />
      )}
    </figure>
  )
}

function Bars({ title, bars, format, words, width, height }: Required<Omit<Props, 'height'>> & { width: number; height: number }) {
  const hatch = useId()
  const steps = ticks(Math.max(...bars.map((bar) => bar.value + (bar.pending ?? 0)), 0))
  const top = steps.at(-1) || 1
  const left = Math.max(52, ...steps.map((step) => format(step).length * 8 + 14))
  const floor = height - 28
  const y = (value: number) => 12 + (1 - value / top) * (floor - 12)
  const slot = (width - left) / Math.max(1, bars.length)
  const thick = Math.min(28, slot * 0.6)
  const anyMarked = bars.some((bar) => bar.isMarked)
  const every = Math.ceil(44 / slot)
  return (
    <svg width={width} height={height} role="img" aria-label={title} className="block text-meta">
      <defs>
        <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" className="fill-accent-soft" />
          <rect width="2.5" height="6" className="fill-accent" />
        </pattern>
      </defs>
      {steps.map((step) => (
        <g key={step}>
          <line x1={left} x2={width} y1={y(step)} y2={y(step)} className={step === 0 ? 'stroke-line-strong' : 'stroke-line'} />
          <text x={left - 8} y={y(step) + 4} textAnchor="end" className="num fill-ink-3">
            {format(step)}
          </text>
        </g>
      ))}
      {bars.map((bar, index) => {
        const x = left + index * slot + (slot - thick) / 2
        const pending = bar.pending ?? 0
        const solid = floor - y(bar.value)
        return (
          <g key={bar.label}>
            <title>{`${bar.label} ${words.value} ${format(bar.value)}${pending ? ` ${words.pending} ${format(pending)}` : ''}`}</title>
            <rect x={left + index * slot} y={0} width={slot} height={floor} className="fill-transparent" />
            {solid > 0 && (
              <rect
                x={x}
                y={y(bar.value)}
                width={thick}
                height={solid}
                rx="3"
                className={anyMarked && !bar.isMarked ? 'fill-accent-line' : 'fill-accent'}
              />
            )}
            {pending > 0 && (
              <rect x={x} y={y(bar.value + pending)} width={thick} height={floor - y(pending)} rx="3" fill={`url(#${hatch})`} />
            )}
            {index % every === 0 && (
              <text x={x + thick / 2} y={height - 8} textAnchor="middle" className={bar.isMarked ? 'fill-ink' : 'fill-ink-3'}>
                {bar.label}
              </text>
            )}
          </g>
        )
      })}
    </svg>
  )
}

function BarTable({ title, bars, format, words }: Omit<Props, 'height'>) {
  return (
    <table className="w-full text-small">
      <caption className="sr-only">{title}</caption>
      <thead className="text-ink-3">
        <tr className="border-line border-b">
          <th className="py-2 text-left font-normal">{words.label}</th>
          <th className="py-2 text-right font-normal">{words.value}</th>
          {words.pending && <th className="py-2 text-right font-normal">{words.pending}</th>}
        </tr>
      </thead>
      <tbody className="num">
        {bars.map((bar) => (
          <tr key={bar.label} className="border-line border-b">
            <th className="py-2 text-left font-normal">{bar.label}</th>
            <td className="py-2 text-right">{format(bar.value)}</td>
            {words.pending && <td className="py-2 text-right">{format(bar.pending ?? 0)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
