import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import { newVersion, type Solution } from './queries'
import { useSolutions } from './words'

/** 1.4.2 -> 1.5.0 */
export const nextSemver = (last: string) => {
  const [major = 1, minor = -1] = last.split('.').map(Number)
  return Number.isInteger(major) && Number.isInteger(minor) ? `${major}.${minor + 1}.0` : '1.0.0'
}

export default function VersionDialog({ solution, onClose }: { solution: Solution; onClose: () => void }) {
  const t = useSolutions()
  const common = useCommon()
  const navigate = useNavigate()
  const [semver, setSemver] = useState(nextSemver(solution.latest_semver || '1.-1'))
  const bad = !/^\d+\.\d+\.\d+$/.test(semver.trim())
  const make = useWrite({
    run: (text: string, { headers }) => newVersion(solution.id, text, headers),
    touches: ['solution'],
    onDone: (version) => void navigate({ to: `/versions/${version.id}` as string }),
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.newVersionTitle}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={make.isPending} isDisabled={bad} onPress={() => make.mutate(semver.trim())}>
            {t.createVersion}
          </Button>
        </>
      }
    >
      <p className="mb-3">{t.newVersionHelp}</p>
      <TextField
        label={t.semver}
        description={t.semverHelp}
        value={semver}
        onChange={setSemver}
        error={(semver && bad && t.semverBad) || make.error?.byField.semver || (make.error ? explain(make.error) : undefined)}
        autoFocus
      />
    </Dialog>
  )
}
