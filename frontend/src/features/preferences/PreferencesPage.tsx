import { ShieldCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { useMe } from '../../shared/api/session'
import { type Locale, setLocale, useLocale } from '../../shared/i18n'
import { useRoleName } from '../../shared/i18n/common'
import { density, setDensity, setTheme, themePref } from '../../shared/lib/prefs'
import { LinkButton } from '../../shared/ui/Button'
import { Card, Facts, Page, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { Skeleton } from '../../shared/ui/States'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { MailChoice } from './MailChoice'
import { usePreferences } from './words'

const entries = <K extends string>(words: Record<K, string>) => (Object.keys(words) as K[]).map((id) => ({ id, label: words[id] }))

export function PreferencesPage() {
  const t = usePreferences()
  const { user, membership } = useMe()
  const roleName = useRoleName()
  const languages: { id: Locale; label: string }[] = [
    { id: 'zh', label: '中文' },
    { id: 'en', label: 'English' },
  ]
  return (
    <Page>
      <div className="max-w-[640px]">
        <PageHeader title={t.title} sub={t.sub} />
        <Section title={t.look}>
          <Card className="divide-y divide-line !py-0">
            <Row label={t.theme}>
              <SegmentedControl label={t.theme} items={entries(t.themes)} value={themePref.use()} onChange={setTheme} />
            </Row>
            <Row label={t.language}>
              <SegmentedControl label={t.language} items={languages} value={useLocale()} onChange={setLocale} />
            </Row>
            <Row label={t.density}>
              <SegmentedControl label={t.density} items={entries(t.densities)} value={density.use()} onChange={setDensity} />
            </Row>
          </Card>
        </Section>
        <Section title={t.notices}>
          <Card className="!py-0">
            <Row label={t.mail}>
              <Part skeleton={<Skeleton rows={1} />}>
                <MailChoice />
              </Part>
            </Row>
          </Card>
        </Section>
        <Section title={t.you}>
          <Card>
            <Facts
              items={[
                { label: t.name, value: user.name },
                { label: t.email, value: user.email },
                { label: t.tenant, value: membership.tenant_name },
                { label: t.roles, value: membership.roles.map(roleName).join(' · ') },
                membership.districts.length > 0 && { label: t.districts, value: membership.districts.join(' · ') },
              ]}
            />
            <LinkButton to="/preferences/security" className="mt-4" icon={<ShieldCheck size={16} aria-hidden />}>
              {t.security}
            </LinkButton>
          </Card>
        </Section>
      </div>
    </Page>
  )
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 py-3">
      <span>{label}</span>
      {children}
    </div>
  )
}
