import { createFileRoute } from '@tanstack/react-router'
import { VersionPage } from '../../features/solutions/VersionPage'

export const Route = createFileRoute('/_app/versions/$id')({ remountDeps: ({ params }) => params, component: VersionPage })
