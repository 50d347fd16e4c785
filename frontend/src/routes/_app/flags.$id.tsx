import { createFileRoute } from '@tanstack/react-router'
import { FlagPage } from '../../features/flags/FlagPage'

export const Route = createFileRoute('/_app/flags/$id')({ remountDeps: ({ params }) => params, component: FlagPage })
