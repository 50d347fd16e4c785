import { Check, CircleDashed, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { cx } from '../../shared/lib/cx'
import { formatTime } from '../../shared/lib/time'
import { Button } from '../../shared/ui/Button'
import { Section } from '../../shared/ui/Layout'
import { sayFigure } from './figures'
import type { Fact, Graduation } from './queries'
import { useGraduation } from './words'

const DossierTable = lazy(() => import('./DossierTable'))

/** Facts beside what is needed, as bars or as a table. */
export function Dossier({ graduation }: { graduation: Graduation }) {
  const t = useGraduation()
  const [asTable, setAsTable] = useState(false)
  if (!graduation.facts.length) return null
  const missed = graduation.facts.filter((fact) => fact.met === false).length
  const words = graduation.frozen ? t.dossierFrozen : t.dossierLive
  return (
    <Section
      title={t.dossier}
      sub={
        <>
          {words(formatTime(graduation.facts_at ?? '', 'dateTime'), graduation.threshold_number)}
          <span className={cx('ml-2', missed ? 'text-cinnabar' : 'text-jade')}>{missed ? t.unmet(missed) : t.allMet}</span>
        </>
      }
      aside={
        <Button size="small" variant="quiet" onPress={() => setAsTable(!asTable)}>
          {asTable ? t.asBars : t.asTable}
        </Button>
      }
    >
      {asTable ? (
        <Suspense>
          <DossierTable facts={graduation.facts} />
        </Suspense>
      ) : (
        <Bars facts={graduation.facts} />
      )}
    </Section>
  )
}

export function Verdict({ fact }: { fact: Fact }) {
  const t = useGraduation()
  if (fact.has === undefined) return <Mark icon={CircleDashed} tone="text-ink-3" word={t.noFacts} />
  if (fact.met === undefined) return <span className="text-ink-3 text-small">{t.noNeed}</span>
  return fact.met ? <Mark icon={Check} tone="text-jade" word={t.met} /> : <Mark icon={X} tone="text-cinnabar" word={t.missed} />
}

const Mark = ({ icon: Icon, tone, word }: { icon: typeof Check; tone: string; word: string }) => (
  <span className={cx('inline-flex items-center gap-1 whitespace-nowrap text-small', tone)}>
    <Icon size={15} aria-hidden />
    {word}
  </span>
)

export function useNeed() {
  const t = useGraduation()
  return (fact: Fact) => {
    if (fact.need === undefined) return ''
    const words = fact.at_most ? t.atMost : t.atLeast
    return words(sayFigure(fact.need, fact.unit, t))
  }
}

function Bars({ facts }: { facts: Fact[] }) {
  const t = useGraduation()
  const need = useNeed()
  return (
    <ul className="divide-y divide-line rounded-card border border-line">
      {facts.map((fact) => {
        const top = Math.max(1, fact.has ?? 0, fact.need ?? 0) * 1.15
        const width = (value: number) => `${Math.max(0, Math.min(100, (100 * value) / top))}%`
        return (
          <li
            key={fact.metric}
            className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1.5 px-4 py-3 md:grid-cols-[15em_1fr_7em_6em]"
          >
            <span className="min-w-0">
              <span className="block">{t.metrics[fact.metric]}</span>
              {fact.need !== undefined && <span className="num block text-ink-3 text-meta">{need(fact)}</span>}
            </span>
            <span className="num text-right font-medium md:order-3">
              {fact.has === undefined ? '-' : sayFigure(fact.has, fact.unit, t)}
            </span>
            <span aria-hidden className="relative h-3 rounded-check bg-neutral-soft md:order-2">
              {fact.has !== undefined && (
                <span
                  className={cx('block h-3 rounded-check', fact.met === false ? 'bg-cinnabar' : fact.met ? 'bg-jade' : 'bg-accent')}
                  style={{ width: width(fact.has) }}
                />
              )}
              {fact.need !== undefined && (
                <span className="absolute -top-1 h-5 w-0.5 bg-ink" style={{ left: `min(${width(fact.need)}, calc(100% - 2px))` }} />
              )}
            </span>
            <span className="text-right md:order-4">
              <Verdict fact={fact} />
            </span>
          </li>
        )
      })}
    </ul>
  )
}
