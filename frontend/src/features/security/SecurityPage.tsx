import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { ShieldAlert, ShieldCheck } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { meQuery } from '../../shared/api/session'
import { formatTime } from '../../shared/lib/time'
import { Button } from '../../shared/ui/Button'
import { Card, PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Banner, RecordPage } from '../../shared/ui/Record'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import type { Ask } from './Dialogs'
import { type Device, devicesQuery, endDevice, endOthers, securityQuery } from './queries'
import { useSecurity } from './words'

const Dialogs = lazy(() => import('./Dialogs'))

export function SecurityPage() {
  return (
    <RecordPage>
      <Security />
    </RecordPage>
  )
}

function Security() {
  const t = useSecurity()
  const client = useQueryClient()
  const { second_factor: factor, enrolled_at, codes_left } = useSuspenseQuery(securityQuery).data
  const [ask, setAsk] = useState<Ask>()
  // What may be done follows from the factor, so the person is asked for again.
  const changed = () => {
    void client.invalidateQueries({ queryKey: ['security'] })
    void client.fetchQuery({ ...meQuery, staleTime: 0 })
  }
  return (
    <div className="max-w-[760px]">
      <PageHeader title={t.title} sub={t.sub} crumbs={[{ label: t.back, to: '/preferences' }]} />
      {factor.enrolled && !factor.satisfied && (
        <Banner
          tone="amber"
          icon={<ShieldAlert size={18} aria-hidden />}
          title={t.raiseTitle}
          action={
            <Button variant="primary" onPress={() => setAsk('raise')}>
              {t.raise}
            </Button>
          }
        >
          {t.raiseWhy}
        </Banner>
      )}
      <Section title={t.factor}>
        <Card>
          {factor.enrolled ? (
            <Line
              icon={<ShieldCheck size={20} className="text-jade" aria-hidden />}
              title={t.factorOn}
              actions={
                <>
                  <Button onPress={() => setAsk('renew')}>{t.renew}</Button>
                  <Button variant="quiet" onPress={() => setAsk('off')}>
                    {t.turnOff}
                  </Button>
                </>
              }
            >
              {enrolled_at && t.since(formatTime(enrolled_at, 'date'))} · {t.codesLeft(codes_left)}
              {codes_left < 3 && <span className="block text-amber">{t.codesLow}</span>}
            </Line>
          ) : (
            <Line
              icon={<ShieldAlert size={20} className={factor.required ? 'text-amber' : 'text-ink-3'} aria-hidden />}
              title={t.factorOff}
              actions={
                <Button variant="primary" onPress={() => setAsk('setup')}>
                  {t.turnOn}
                </Button>
              }
            >
              {t.factorOffWhy}
              {factor.required && <span className="block text-amber">{t.factorRequired}</span>}
            </Line>
          )}
        </Card>
      </Section>
      <Section title={t.password}>
        <Card>
          <Line title="" actions={<Button onPress={() => setAsk('password')}>{t.change}</Button>}>
            {t.passwordWhy}
          </Line>
        </Card>
      </Section>
      <Devices />
      <Suspense>{ask && <Dialogs ask={ask} onClose={() => setAsk(undefined)} onChanged={changed} />}</Suspense>
    </div>
  )
}

function Line({ icon, title, children, actions }: { icon?: ReactNode; title: string; children: ReactNode; actions: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
      <div className="flex min-w-0 flex-1 basis-72 gap-3">
        {icon && <span className="mt-0.5 shrink-0">{icon}</span>}
        <div className="min-w-0">
          {title && <p className="font-medium">{title}</p>}
          <p className="text-ink-2 text-small">{children}</p>
        </div>
      </div>
      <div className="flex flex-wrap gap-2">{actions}</div>
    </div>
  )
}

function Devices() {
  const t = useSecurity()
  const devices = useSuspenseQuery(devicesQuery).data.items
  const options = { touches: ['security'], onError: (error: unknown) => void toast(explain(error), { bad: true }) }
  const one = useWrite({ ...options, run: (id: string) => endDevice(id), onDone: () => toast(t.signedOut) })
  const others = useWrite({ ...options, run: () => endOthers(), onDone: () => toast(t.signedOutOthers) })
  return (
    <Section
      title={t.devices}
      aside={
        devices.length > 1 && (
          <Button size="small" onPress={() => others.mutateAsync()}>
            {t.signOutOthers}
          </Button>
        )
      }
    >
      <MiniTable
        label={t.devices}
        head={[t.device, t.address, t.seen, '']}
        end={[3]}
        rows={devices.map((device) => ({
          id: device.id,
          cells: [
            <Name key="name" device={device} />,
            <span key="address" className="text-ink-2">
              {device.address || '-'}
            </span>,
            <Time key="seen" value={device.seen_at} className="text-ink-3" />,
            !device.current && (
              <Button key="out" size="small" variant="quiet" onPress={() => one.mutateAsync(device.id)}>
                {t.signOut}
                <span className="sr-only"> {device.agent}</span>
              </Button>
            ),
          ],
        }))}
      />
    </Section>
  )
}

function Name({ device }: { device: Device }) {
  const t = useSecurity()
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      <span className="break-words">{device.agent || t.unknown}</span>
      {device.current && <Tag tone="jade">{t.here}</Tag>}
      {device.strong && <Tag>{t.strong}</Tag>}
      {device.provider && <Tag>{t.byProvider}</Tag>}
    </span>
  )
}
