import { createFileRoute } from '@tanstack/react-router'
import { MonthPage } from '../../features/commission/MonthPage'

export const Route = createFileRoute('/_app/commission/months/$month')({ remountDeps: ({ params }) => params, component: MonthPage })
