import { createFileRoute } from '@tanstack/react-router'
import { SignInPage } from '../features/entry/SignInPage'

export const Route = createFileRoute('/signin')({
  validateSearch: (search): { return?: string } => ({ return: typeof search.return === 'string' ? search.return : undefined }),
  component: SignInPage,
})
