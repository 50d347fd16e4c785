import { createFileRoute } from '@tanstack/react-router'
import { ArrivePage } from '../features/entry/ArrivePage'

export const Route = createFileRoute('/signin_/return')({ component: ArrivePage })
