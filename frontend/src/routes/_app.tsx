import { createFileRoute, redirect } from '@tanstack/react-router'
import { Shell } from '../app/Shell'
import { ApiProblem } from '../shared/api/problem'
import { meQuery } from '../shared/api/session'

export const Route = createFileRoute('/_app')({
  beforeLoad: async ({ context, location }) => {
    try {
      return { me: await context.queryClient.ensureQueryData(meQuery) }
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401)
        throw redirect({ to: '/signin', search: { return: location.href === '/' ? undefined : location.href } })
      throw error
    }
  },
  component: Shell,
})
