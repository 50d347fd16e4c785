import { createFileRoute } from '@tanstack/react-router'
import { ImportPage } from '../../features/imports/ImportPage'

export const Route = createFileRoute('/_app/imports/$id')({ remountDeps: ({ params }) => params, component: ImportPage })
