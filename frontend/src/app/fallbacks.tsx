import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { LinkButton } from '../shared/ui/Button'
import { Page, PageHeader } from '../shared/ui/Layout'
import { EmptyState, ErrorState, Skeleton } from '../shared/ui/States'
import { useShell } from './words'

export function NotFound() {
  const t = useShell()
  return (
    <Page>
      <PageHeader title={t.notFound.title} />
      <EmptyState title={t.notFound.what} action={<LinkButton to="/">{t.notFound.home}</LinkButton>}>
        {t.notFound.why}
      </EmptyState>
    </Page>
  )
}

export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  return (
    <Page>
      <ErrorState
        error={error}
        onRetry={async () => {
          await router.invalidate()
          reset()
        }}
      />
    </Page>
  )
}

export function PagePending() {
  return (
    <Page>
      <Skeleton className="mb-3 h-8 max-w-60" />
      <Skeleton rows={5} className="h-10" />
    </Page>
  )
}
