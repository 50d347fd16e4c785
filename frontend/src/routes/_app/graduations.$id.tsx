import { createFileRoute } from '@tanstack/react-router'
import { GraduationPage } from '../../features/graduation/GraduationPage'

export const Route = createFileRoute('/_app/graduations/$id')({ remountDeps: ({ params }) => params, component: GraduationPage })
