import { createFileRoute } from '@tanstack/react-router'
import { SolutionPage } from '../../features/solutions/SolutionPage'

export const Route = createFileRoute('/_app/solutions/$id')({ remountDeps: ({ params }) => params, component: SolutionPage })
