import { Link } from '@tanstack/react-router'
import { ArrowDownRight, ArrowUpRight } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useLocale } from '../../shared/i18n'
import { wordOf } from '../../shared/i18n/domain'
import { formatCount, formatFen } from '../../shared/lib/money'
import { linkTo } from '../../shared/lib/search'
import { Figures, Section } from '../../shared/ui/Layout'
import { Sparkline } from '../../shared/ui/Sparkline'
import type { HomeNumber } from './queries'
import { useHome } from './words'

/** Below the first screen: fetched beside the page, not with it. */
const BarChart = lazy(() => import('../../shared/ui/Chart').then((chart) => ({ default: chart.BarChart })))

type T = ReturnType<typeof useHome>
const round = (n: number) => Math.round(n * 10) / 10

function show(number: HomeNumber, value: number, t: T) {
  if (number.unit === 'fen') return formatFen(Math.round(value / 100) * 100, { trim: true })
  if (number.unit === 'percent') return `${round(value)}%`
  if (number.unit === 'days') return t.days(round(value))
  return formatCount(value)
}

function Change({ number }: { number: HomeNumber }) {
  const t = useHome()
  const { value, previous, unit } = number
  const by = value - previous
  if (!by) return <>{t.same}</>
  const Icon = by > 0 ? ArrowUpRight : ArrowDownRight
  const text =
    unit === 'percent'
      ? t.points(String(round(Math.abs(by))))
      : unit === 'fen' && previous
        ? `${round((Math.abs(by) / Math.abs(previous)) * 100)}%`
        : show(number, Math.abs(by), t)
  // fewer days are better; fewer of anything else are not
  const good = by > 0 !== (unit === 'days')
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap">
      <span className={`num inline-flex shrink-0 items-center ${good ? 'text-jade' : 'text-cinnabar'}`}>
        <Icon size={14} aria-hidden />
        {text}
      </span>
      {t.versus}
    </span>
  )
}

export function Numbers({ numbers }: { numbers: HomeNumber[] }) {
  const t = useHome()
  return (
    <Figures
      items={numbers.map((number) => ({
        label: wordOf(t.numbers, number.key),
        value: number.href ? (
          <Link {...linkTo(number.href)} className="focus-ring rounded-check hover:text-accent-text">
            {show(number, number.value, t)}
          </Link>
        ) : (
          show(number, number.value, t)
        ),
        context: <Change number={number} />,
        plot: <Sparkline values={number.spark} />,
      }))}
    />
  )
}

/** The first number over the year. */
export function Year({ number, months }: { number: HomeNumber; months: string[] }) {
  const t = useHome()
  const lang = useLocale()
  const name = wordOf(t.numbers, number.key)
  const label = (month: string) =>
    lang === 'zh' ? `${Number(month.slice(5))}月` : new Date(`${month}-15`).toLocaleDateString('en-GB', { month: 'short' })
  return (
    <Section title={t.year} sub={t.yearSub(name)}>
      <Suspense fallback={<div className="h-[180px]" />}>
        <BarChart
          title={`${t.year} ${name}`}
          bars={number.spark.map((value, index) => ({
            label: label(months[index] ?? ''),
            value,
            isMarked: index === number.spark.length - 1,
          }))}
          format={(value) => show(number, value, t)}
          words={{ label: t.month, value: name }}
          height={180}
        />
      </Suspense>
    </Section>
  )
}
