import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { useCommon } from '../../shared/i18n/common'
import { useRefusal } from '../../shared/i18n/permissions'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { Part } from '../../shared/ui/Part'
import { toast } from '../../shared/ui/Toast'
import { changeMember, type Member, membersQuery } from './queries'
import { RoleFields } from './RoleFields'
import { useMembers } from './words'

export default function EditDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useMembers()
  const refusal = useRefusal()
  const common = useCommon()
  const client = useQueryClient()
  const [value, setValue] = useState({ roles: member.roles, districts: member.districts })
  const [missing, setMissing] = useState(false)
  const save = useWrite({
    run: async (body: typeof value, { headers, overwrite }) => {
      const now = overwrite
        ? (await client.fetchQuery({ ...membersQuery, staleTime: 0 })).items.find((one) => one.id === member.id)
        : member
      return changeMember(member.id, { ...body, version: (now ?? member).version }, headers)
    },
    touches: ['member'],
    onDone: () => {
      toast(t.saved)
      onClose()
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.editTitle(member.name)}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={save.isPending} onPress={() => (value.roles.length ? save.mutate(value) : setMissing(true))}>
            {t.save}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Part>
          <RoleFields
            value={value}
            onChange={(next) => {
              setValue(next)
              setMissing(false)
            }}
            error={missing ? t.pickRole : save.error?.byField.roles}
          />
        </Part>
        {save.error && (
          <p role="alert" className="text-cinnabar text-small">
            {refusal(save.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}
