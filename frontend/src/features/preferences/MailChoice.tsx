import { useSuspenseQuery } from '@tanstack/react-query'
import { api, data, type Schemas } from '../../shared/api/client'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { toast } from '../../shared/ui/Toast'
import { usePreferences } from './words'

type Choice = Schemas['NoticePreference']['mail']

/** How to be mailed of what needs one. */
export function MailChoice() {
  const t = usePreferences()
  const { mail, possible } = useSuspenseQuery({
    queryKey: ['preference', 'mail'],
    queryFn: ({ signal }) => data(api.GET('/api/notices/preference', { signal })),
  }).data
  const set = useWrite({
    run: (choice: Choice, { headers }) => data(api.PUT('/api/notices/preference', { body: { mail: choice }, headers })),
    touches: ['preference'],
    onError: (error) => void toast(explain(error), { bad: true }),
  })
  if (!possible) return <span className="text-ink-3">{t.noMail}</span>
  return (
    <SegmentedControl
      label={t.mail}
      items={(['now', 'daily', 'none'] as const).map((id) => ({ id, label: t.mails[id] }))}
      value={set.isPending ? set.variables : mail}
      onChange={(choice) => set.mutate(choice)}
    />
  )
}
