import { useSuspenseQuery } from '@tanstack/react-query'
import { Pencil, UserPlus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Button, IconButton } from '../../shared/ui/Button'
import { Section } from '../../shared/ui/Layout'
import { EmptyState } from '../../shared/ui/States'
import { type Contact, contactsQuery } from './queries'
import { useAccounts } from './words'

const ContactDialog = lazy(() => import('./ContactDialog'))

/** The people at a customer: leaders, those between, ordinary staff. */
export function Contacts({ id, canEdit }: { id: string; canEdit: boolean }) {
  const t = useAccounts()
  const people = useSuspenseQuery(contactsQuery(id)).data.items
  const [open, setOpen] = useState<Contact | 'new'>()
  const add = canEdit && (
    <Button size="small" icon={<UserPlus size={14} aria-hidden />} onPress={() => setOpen('new')}>
      {t.addPerson}
    </Button>
  )
  return (
    <Section title={t.persons} aside={people.length > 0 && add}>
      {people.length === 0 ? (
        <EmptyState title={t.noPeople} action={add}>
          {t.noPeopleWhy}
        </EmptyState>
      ) : (
        <div className="grid gap-px overflow-hidden rounded-card border border-line bg-line md:grid-cols-3">
          {(['leader', 'contact', 'staff'] as const).map((layer) => (
            <div key={layer} className="bg-sheet p-4">
              <h3 className="mb-2 text-ink-3 text-small">{t.layers[layer]}</h3>
              <ul className="flex flex-col gap-3">
                {people
                  .filter((one) => one.layer === layer)
                  .map((one) => (
                    <li key={one.id} className="flex items-start justify-between gap-2">
                      <span className="min-w-0">
                        <span className="font-medium">{one.name}</span>
                        {one.post && <span className="ml-2 text-ink-3 text-small">{one.post}</span>}
                        {one.phone && <span className="num block text-small">{one.phone}</span>}
                        {one.email && <span className="block truncate text-ink-3 text-small">{one.email}</span>}
                        {one.note && <span className="block text-ink-3 text-small">{one.note}</span>}
                      </span>
                      {canEdit && (
                        <IconButton
                          label={`${t.editPerson} ${one.name}`}
                          size="small"
                          icon={<Pencil size={14} aria-hidden />}
                          onPress={() => setOpen(one)}
                        />
                      )}
                    </li>
                  ))}
              </ul>
            </div>
          ))}
        </div>
      )}
      <Suspense>
        {open && <ContactDialog account={id} contact={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
      </Suspense>
    </Section>
  )
}
