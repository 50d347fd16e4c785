import { useSuspenseQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { useReference } from '../../shared/api/reference'
import { useCan, useMe } from '../../shared/api/session'
import { useRoleName } from '../../shared/i18n/common'
import { useRefusal } from '../../shared/i18n/permissions'
import { Button } from '../../shared/ui/Button'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { EmptyState } from '../../shared/ui/States'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { invitationsQuery, type Member, membersQuery, removeMember, uninvite } from './queries'
import { useMembers } from './words'

const InviteDialog = lazy(() => import('./InviteDialog'))
const HelpDialog = lazy(() => import('./HelpDialog'))
const EditDialog = lazy(() => import('./EditDialog'))
const Confirm = lazy(() => import('../../shared/ui/Dialog').then((module) => ({ default: module.ConfirmDialog })))

/** The members, and who is invited. */
export function People() {
  const t = useMembers()
  const refusal = useRefusal()
  const can = useCan()
  const members = useSuspenseQuery(membersQuery).data.items
  const [open, setOpen] = useState<'invite' | { help: Member } | { edit: Member } | { remove: Member }>()
  const close = () => setOpen(undefined)
  const remove = useWrite({
    run: (member: Member) => removeMember(member.id),
    touches: ['member'],
    onDone: (_, member) => {
      close()
      toast(t.removed(member.name))
    },
    onError: (error) => toast(refusal(error), { bad: true }),
  })
  return (
    <>
      <Section
        title={t.count(members.length)}
        aside={
          can('member:write') && (
            <Button variant="primary" icon={<UserPlus size={16} aria-hidden />} onPress={() => setOpen('invite')}>
              {t.invite}
            </Button>
          )
        }
      >
        <Table
          members={members}
          onHelp={(help) => setOpen({ help })}
          onEdit={(edit) => setOpen({ edit })}
          onRemove={(one) => setOpen({ remove: one })}
        />
        {members.length < 2 && (
          <EmptyState className="mt-4" title={t.empty}>
            {t.emptyWhy}
          </EmptyState>
        )}
      </Section>
      <Invitations />
      <Suspense>
        {open === 'invite' && <InviteDialog onClose={close} />}
        {typeof open === 'object' && 'help' in open && <HelpDialog member={open.help} onClose={close} />}
        {typeof open === 'object' && 'edit' in open && <EditDialog member={open.edit} onClose={close} />}
        {typeof open === 'object' && 'remove' in open && (
          <Confirm
            isOpen
            onClose={close}
            title={t.removeTitle(open.remove.name)}
            action={t.remove}
            isDanger
            onConfirm={() => remove.mutateAsync(open.remove)}
          >
            {t.removeWhy}
          </Confirm>
        )}
      </Suspense>
    </>
  )
}

type PeopleProps = {
  members: Member[]
  onHelp: (member: Member) => void
  onEdit: (member: Member) => void
  onRemove: (member: Member) => void
}

function Table({ members, onHelp, onEdit, onRemove }: PeopleProps) {
  const t = useMembers()
  const role = useRoleName()
  const { membership } = useMe()
  const { reference } = useReference()
  const isCity = membership.tenant_kind === 'city'
  const names = new Map(reference.cities.flatMap((city) => city.districts.map((district) => [district.code, district.name])))
  return (
    <MiniTable
      label={t.title}
      head={[t.columns.name, t.columns.email, t.columns.roles, ...(isCity ? [t.columns.districts] : []), '']}
      end={[isCity ? 4 : 3]}
      rows={members.map((member) => ({
        id: member.id,
        cells: [
          <span key="name" className="whitespace-nowrap font-medium">
            {member.name}
          </span>,
          <span key="email" className="text-ink-3">
            {member.email}
          </span>,
          <span key="roles" className="flex flex-wrap gap-1">
            {member.roles.map((one) => (
              <Tag key={one}>{role(one)}</Tag>
            ))}
          </span>,
          ...(isCity ? [member.districts.map((one) => names.get(one) ?? one).join(' · ') || t.wholeCity] : []),
          <span key="actions" className="flex justify-end gap-1">
            {member.actions.includes('help_sign_in') && (
              <Button size="small" variant="quiet" onPress={() => onHelp(member)}>
                {t.help.go}
                <span className="sr-only"> {member.name}</span>
              </Button>
            )}
            {member.actions.includes('edit') && (
              <Button size="small" onPress={() => onEdit(member)}>
                {t.edit}
                <span className="sr-only"> {member.name}</span>
              </Button>
            )}
            {member.actions.includes('remove') && (
              <Button size="small" variant="quiet" onPress={() => onRemove(member)}>
                {t.remove}
                <span className="sr-only"> {member.name}</span>
              </Button>
            )}
          </span>,
        ],
      }))}
    />
  )
}

function Invitations() {
  const t = useMembers()
  const refusal = useRefusal()
  const role = useRoleName()
  const can = useCan()
  const invitations = useSuspenseQuery(invitationsQuery).data.items
  const takeBack = useWrite({
    run: (id: string) => uninvite(id),
    touches: ['member'],
    onDone: () => toast(t.takenBack),
    onError: (error) => toast(refusal(error), { bad: true }),
  })
  if (!invitations.length) return null
  return (
    <Section title={t.open}>
      <MiniTable
        label={t.open}
        head={[t.columns.email, t.columns.roles, t.expires, '']}
        end={[3]}
        rows={invitations.map((one) => ({
          id: one.id,
          cells: [
            <span key="email">
              {one.email}
              <span className="block text-ink-3 text-small">{t.by(one.invited_by)}</span>
            </span>,
            one.roles.map(role).join(' · '),
            <Time key="until" value={one.expires_at} as="dateTime" className="text-ink-3" />,
            can('member:write') && (
              <Button key="back" size="small" variant="quiet" onPress={() => takeBack.mutateAsync(one.id)}>
                {t.takeBack}
              </Button>
            ),
          ],
        }))}
      />
    </Section>
  )
}
