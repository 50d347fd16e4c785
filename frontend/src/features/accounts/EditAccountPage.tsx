import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy } from 'react'
import { PageHeader } from '../../shared/ui/Layout'
import { RecordPage } from '../../shared/ui/Record'
import { accountQuery } from './queries'
import { useAccounts } from './words'

const AccountForm = lazy(() => import('./AccountForm').then((module) => ({ default: module.AccountForm })))

export function EditAccountPage() {
  return (
    <RecordPage>
      <Edit />
    </RecordPage>
  )
}

function Edit() {
  const t = useAccounts()
  const { id } = useParams({ strict: false }) as { id: string }
  const account = useSuspenseQuery(accountQuery(id)).data
  return (
    <>
      <PageHeader
        title={t.form.editTitle}
        crumbs={[
          { label: t.title, to: '/accounts' },
          { label: account.name, to: `/accounts/${id}` },
        ]}
      />
      <AccountForm account={account} />
    </>
  )
}

export function NewAccountPage() {
  const t = useAccounts()
  return (
    <RecordPage>
      <PageHeader title={t.form.newTitle} crumbs={[{ label: t.title, to: '/accounts' }]} />
      <AccountForm />
    </RecordPage>
  )
}
