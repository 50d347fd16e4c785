import { useSuspenseQuery } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { useCan } from '../../shared/api/session'
import { useRoleName } from '../../shared/i18n/common'
import { useRefusal } from '../../shared/i18n/permissions'
import { Button } from '../../shared/ui/Button'
import { Checkbox } from '../../shared/ui/Choice'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { EmptyState } from '../../shared/ui/States'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { type AccessReview, decideReview, openReview, reviewQuery } from './queries'
import { useMembers } from './words'

const tones = { open: 'amber', confirmed: 'jade', removed: 'neutral', lapsed: 'cinnabar', kept: 'accent' } as const

/** The quarterly review: confirm or remove each right; what nobody confirms in time lapses. */
export default function Review() {
  const t = useMembers()
  const refusal = useRefusal()
  const can = useCan()
  const review = useSuspenseQuery(reviewQuery).data
  const begin = useWrite({
    run: (_: undefined, { headers }) => openReview(headers),
    touches: ['access_review'],
    onError: (error) => toast(refusal(error), { bad: true }),
  })
  const start = can('member:write') && (
    <Button
      variant="primary"
      icon={<ShieldCheck size={16} aria-hidden />}
      isPending={begin.isPending}
      onPress={() => begin.mutate(undefined)}
    >
      {t.beginReview}
    </Button>
  )
  if (!review)
    return (
      <EmptyState title={t.noReview} action={start}>
        {t.noReviewWhy}
      </EmptyState>
    )
  return <Items review={review} />
}

function Items({ review }: { review: AccessReview }) {
  const t = useMembers()
  const refusal = useRefusal()
  const role = useRoleName()
  const can = useCan()
  const [chosen, setChosen] = useState<string[]>([])
  const open = review.items.filter((item) => item.decision === 'open')
  const decide = useWrite({
    run: (body: { items: string[]; confirm: boolean }, { headers }) => decideReview(review.id, body, headers),
    touches: ['access_review', 'member'],
    onDone: (_, { items, confirm }) => {
      setChosen([])
      toast(confirm ? t.confirmedMany(items.length) : t.removedMany(items.length))
    },
    onError: (error) => toast(refusal(error), { bad: true }),
  })
  const may = can('member:write') && review.state === 'open'
  const toggle = (id: string, on: boolean) => setChosen((now) => (on ? [...now, id] : now.filter((one) => one !== id)))
  const all = open.filter((item) => !item.own).map((item) => item.id)
  return (
    <Section
      title={t.reviewTitle(review.quarter)}
      sub={
        <>
          {review.state === 'open' ? t.reviewOpen(open.length, review.items.length) : t.reviewClosed}{' '}
          <Time value={review.closed_at ?? review.due_at} as="date" />
        </>
      }
      aside={
        may &&
        open.length > 0 && (
          <span className="flex flex-wrap justify-end gap-2">
            {chosen.length < all.length && (
              <Button size="small" onPress={() => setChosen(all)}>
                {t.chooseAll}
              </Button>
            )}
            <Button
              size="small"
              isDisabled={!chosen.length}
              isPending={decide.isPending}
              onPress={() => decide.mutate({ items: chosen, confirm: false })}
            >
              {t.removeChosen}
            </Button>
            <Button
              size="small"
              variant="primary"
              isDisabled={!chosen.length}
              isPending={decide.isPending}
              onPress={() => decide.mutate({ items: chosen, confirm: true })}
            >
              {t.confirmChosen(chosen.length)}
            </Button>
          </span>
        )
      }
    >
      <MiniTable
        label={t.views.review}
        head={[t.reviewWho, t.reviewHolds, t.lastUsed, t.state]}
        rows={review.items.map((item) => ({
          id: item.id,
          cells: [
            <span key="who" className="flex items-start gap-2">
              {may && item.decision === 'open' && (
                <Checkbox
                  aria-label={item.label}
                  isSelected={chosen.includes(item.id)}
                  onChange={(on) => toggle(item.id, on)}
                  className="!py-0.5"
                />
              )}
              <span>
                <span className="font-medium">{item.label}</span>
                <span className="block text-ink-3 text-small">{item.detail}</span>
              </span>
            </span>,
            item.kind === 'grant' ? t.grantOf(item.holds.length) : item.holds.map(role).join(' · '),
            item.last_used_at ? (
              <Time key="used" value={item.last_used_at} as="date" />
            ) : item.kind === 'membership' ? (
              <span key="never" className="text-ink-3">
                {t.neverUsed}
              </span>
            ) : null,
            <span key="state">
              <Tag tone={tones[item.decision]}>{t.decisions[item.decision]}</Tag>
              {item.decided_by && <span className="block text-ink-3 text-small">{item.decided_by}</span>}
            </span>,
          ],
        }))}
      />
    </Section>
  )
}
