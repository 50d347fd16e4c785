import { createFileRoute } from '@tanstack/react-router'
import { TrialsPage } from '../../features/trials/TrialsPage'

export const Route = createFileRoute('/_app/trials')({ component: TrialsPage })
