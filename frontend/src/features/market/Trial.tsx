import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { defineDict } from '../../shared/i18n'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { Card, Facts, Section } from '../../shared/ui/Layout'
import ReasonDialog from '../../shared/ui/ReasonDialog'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { askTrial, type OpenedTrial, openTrial, trialQuery } from './queries'
import { zh } from './trial.zh'

const useTrial = defineDict(zh, () => import('./trial.en'))

/** Trying what is on sale: ask, wait, open through the counted link. */
export default function Trial({ offer }: { offer: string }) {
  const t = useTrial()
  const { hours, automatic, mine } = useSuspenseQuery(trialQuery(offer)).data
  const [asking, setAsking] = useState(false)
  const [opened, setOpened] = useState<OpenedTrial>()
  const ask = useWrite({
    run: (reason: string, { headers }) => askTrial(offer, reason, headers),
    touches: ['market'],
    onDone: (trial) => {
      setAsking(false)
      toast(trial.state === 'granted' ? t.letIn : t.sent)
    },
  })
  const open = useWrite({
    run: (id: string, { headers }) => openTrial(id, headers),
    onDone: setOpened,
    onError: (error) => toast(explain(error), { bad: true }),
  })
  if (!hours && mine?.state !== 'granted') return null
  const past = mine && mine.state !== 'asked' && mine.state !== 'granted' ? t[mine.state] : undefined
  return (
    <Section title={t.title}>
      <Card>
        {mine?.state === 'granted' ? (
          <>
            <p className="mb-3">
              {t.until} <Time value={mine.ends_at} />
            </p>
            <Button variant="primary" isPending={open.isPending} onPress={() => open.mutate(mine.id)}>
              {t.open}
            </Button>
          </>
        ) : mine?.state === 'asked' ? (
          <p>{t.waiting}</p>
        ) : (
          <>
            <p className="mb-3 text-ink-2">{t.offer(hours, automatic)}</p>
            {past && (
              <p className="mb-3 text-amber text-small">
                {past}
                {mine?.note && `: ${mine.note}`}
              </p>
            )}
            <Button onPress={() => setAsking(true)}>{t.ask}</Button>
          </>
        )}
      </Card>
      {asking && (
        <ReasonDialog
          ask={{ title: t.reason, help: t.offer(hours, automatic), reason: 'required', label: t.reason }}
          action={t.ask}
          isPending={ask.isPending}
          problem={ask.error ?? undefined}
          onClose={() => setAsking(false)}
          onGo={(reason) => ask.mutate(reason)}
        />
      )}
      {opened && <Opened opened={opened} onClose={() => setOpened(undefined)} />}
    </Section>
  )
}

function Opened({ opened, onClose }: { opened: OpenedTrial; onClose: () => void }) {
  const t = useTrial()
  const copy = () => void navigator.clipboard?.writeText(opened.code).then(() => toast(t.copied))
  return (
    <Dialog isOpen onClose={onClose} title={t.opened}>
      <Facts
        items={[
          {
            label: t.address,
            value: (
              <a href={opened.address} target="_blank" rel="noopener noreferrer" className="break-all text-accent-text hover:underline">
                {opened.address}
              </a>
            ),
          },
          { label: t.code, value: <span className="num">{opened.code}</span> },
          !!opened.notes && { label: t.notes, value: opened.notes },
          { label: t.until, value: <Time value={opened.ends_at} /> },
        ]}
      />
      <p className="mt-3 mb-4 text-ink-3 text-small">{t.counted}</p>
      <Button onPress={copy}>{t.copy}</Button>
    </Dialog>
  )
}
