import { createFileRoute } from '@tanstack/react-router'
import { FlagsPage } from '../../features/flags/FlagsPage'

export const Route = createFileRoute('/_app/flags/')({ component: FlagsPage })
