import { useSuspenseQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { useCan } from '../../shared/api/session'
import { useRoleName } from '../../shared/i18n/common'
import { usePermissionName, useRefusal } from '../../shared/i18n/permissions'
import { Button } from '../../shared/ui/Button'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Tag } from '../../shared/ui/Tag'
import { toast } from '../../shared/ui/Toast'
import { dropRole, type Role, rolesQuery } from './queries'
import { useMembers } from './words'

const RoleDialog = lazy(() => import('./RoleDialog'))
const Confirm = lazy(() => import('../../shared/ui/Dialog').then((module) => ({ default: module.ConfirmDialog })))

/** Built-in roles and the tenant's own, each with what it may do and how many hold it. */
export default function Roles() {
  const t = useMembers()
  const refusal = useRefusal()
  const can = useCan()
  const { items, ceiling } = useSuspenseQuery(rolesQuery).data
  const [open, setOpen] = useState<'new' | { edit: Role } | { drop: Role }>()
  const close = () => setOpen(undefined)
  const drop = useWrite({
    run: (role: Role, { headers }) => dropRole(role.code, headers),
    touches: ['member'],
    onDone: (_, role) => {
      close()
      toast(t.roleGone(role.name ?? ''))
    },
    onError: (error) => {
      close()
      toast(refusal(error), { bad: true })
    },
  })
  const own = items.filter((role) => role.own)
  return (
    <>
      <Section
        title={t.ownRoles}
        sub={t.ownRolesSub}
        aside={
          can('role:write') && (
            <Button variant="primary" icon={<Plus size={16} aria-hidden />} onPress={() => setOpen('new')}>
              {t.newRole}
            </Button>
          )
        }
      >
        {own.length > 0 && (
          <Table label={t.ownRoles} roles={own} onEdit={(edit) => setOpen({ edit })} onDrop={(role) => setOpen({ drop: role })} />
        )}
      </Section>
      <Section title={t.builtIn} sub={t.builtInSub}>
        <Table label={t.builtIn} roles={items.filter((role) => !role.own)} />
      </Section>
      <Suspense>
        {open === 'new' && <RoleDialog ceiling={ceiling} onClose={close} />}
        {typeof open === 'object' && 'edit' in open && <RoleDialog role={open.edit} ceiling={ceiling} onClose={close} />}
        {typeof open === 'object' && 'drop' in open && (
          <Confirm
            isOpen
            onClose={close}
            title={t.dropTitle(open.drop.name ?? '')}
            action={t.drop}
            isDanger
            onConfirm={() => drop.mutate(open.drop)}
          >
            {t.dropWhy}
          </Confirm>
        )}
      </Suspense>
    </>
  )
}

type TableProps = { label: string; roles: Role[]; onEdit?: (role: Role) => void; onDrop?: (role: Role) => void }

function Table({ label, roles, onEdit, onDrop }: TableProps) {
  const t = useMembers()
  const name = useRoleName()
  const permission = usePermissionName()
  return (
    <MiniTable
      label={label}
      head={[t.columns.roles, t.columns.permissions, t.columns.holders, '']}
      end={[2, 3]}
      rows={roles.map((role) => ({
        id: role.code,
        cells: [
          <span key="name" className="whitespace-nowrap font-medium">
            {role.name || name(role.code)}
          </span>,
          <details key="permissions">
            <summary className="focus-ring cursor-default rounded-check text-ink-2">{t.permissionCount(role.permissions.length)}</summary>
            <span className="mt-2 flex flex-wrap gap-1">
              {role.permissions.map((one) => (
                <Tag key={one}>{permission(one)}</Tag>
              ))}
            </span>
          </details>,
          role.holders,
          <span key="actions" className="flex justify-end gap-1">
            {role.actions.includes('edit') && (
              <Button size="small" onPress={() => onEdit?.(role)}>
                {t.editRole}
                <span className="sr-only"> {role.name}</span>
              </Button>
            )}
            {role.actions.includes('remove') && (
              <Button size="small" variant="quiet" onPress={() => onDrop?.(role)}>
                {t.drop}
                <span className="sr-only"> {role.name}</span>
              </Button>
            )}
          </span>,
        ],
      }))}
    />
  )
}
