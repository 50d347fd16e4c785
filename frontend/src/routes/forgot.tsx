import { createFileRoute } from '@tanstack/react-router'
import { ForgotPage } from '../features/entry/ForgotPage'

export const Route = createFileRoute('/forgot')({ component: ForgotPage })
