import { useQueryClient } from '@tanstack/react-query'
import { useWrite } from '../../shared/api/mutate'
import { useCommon } from '../../shared/i18n/common'
import { usePermissionName, useRefusal, useResourceName } from '../../shared/i18n/permissions'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { CheckboxGroup } from '../../shared/ui/Choice'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import { changeRole, newRole, type Role, rolesQuery } from './queries'
import { useMembers } from './words'

type Props = { role?: Role; ceiling: string[]; onClose: () => void }

/** Composes a role out of what this kind of tenant may hold. */
export default function RoleDialog({ role, ceiling, onClose }: Props) {
  const t = useMembers()
  const refusal = useRefusal()
  const common = useCommon()
  const client = useQueryClient()
  const permission = usePermissionName()
  const resource = useResourceName()
  const form = useForm({
    initial: { name: role?.name ?? '', permissions: role?.permissions ?? ([] as string[]) },
    check: (values) => ({
      name: values.name.trim() ? '' : t.roleNameMissing,
      permissions: values.permissions.length ? '' : t.pickPermission,
    }),
  })
  const save = useWrite({
    run: async (body: typeof form.values, { headers, overwrite }) => {
      if (!role) return newRole(body, headers)
      const now = overwrite ? (await client.fetchQuery({ ...rolesQuery, staleTime: 0 })).items.find((one) => one.code === role.code) : role
      return changeRole(role.code, { ...body, version: (now ?? role).version ?? 0 }, headers)
    },
    touches: ['member'],
    onDone: () => {
      toast(t.roleSaved)
      onClose()
    },
    onError: form.refuse,
  })
  const groups = [...new Set(ceiling.map((one) => one.split(':')[0] ?? one))].map(
    (id) => [id, ceiling.filter((one) => one.startsWith(`${id}:`))] as const,
  )
  const go = () => form.valid() && !save.isPending && save.mutate(form.values)
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="large"
      title={role ? t.editRoleTitle(role.name ?? '') : t.newRoleTitle}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={save.isPending} onPress={() => void go()}>
            {t.saveRole}
          </Button>
        </>
      }
    >
      <form
        ref={form.form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          go()
        }}
      >
        <TextField label={t.roleName} maxLength={40} autoFocus {...form.field('name')} />
        {form.errors.permissions && (
          <p role="alert" className="text-cinnabar text-small">
            {form.errors.permissions}
          </p>
        )}
        <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 md:grid-cols-3">
          {groups.map(([id, permissions]) => (
            <CheckboxGroup
              key={id}
              label={resource(id)}
              options={permissions.map((one) => ({ id: one, label: permission(one, true) }))}
              value={form.values.permissions.filter((one) => permissions.includes(one))}
              onChange={(chosen) =>
                form.set({ permissions: [...form.values.permissions.filter((one) => !permissions.includes(one)), ...chosen] })
              }
            />
          ))}
        </div>
        {save.error && !Object.keys(form.errors).length && (
          <p role="alert" className="text-cinnabar text-small">
            {refusal(save.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}
