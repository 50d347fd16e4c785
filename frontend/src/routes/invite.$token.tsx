import { createFileRoute } from '@tanstack/react-router'
import { InvitePage } from '../features/entry/InvitePage'

export const Route = createFileRoute('/invite/$token')({ component: InvitePage })
