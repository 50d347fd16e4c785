import { createFileRoute } from '@tanstack/react-router'
import { NotFound } from '../../app/fallbacks'

// An unknown address keeps the shell around it.
export const Route = createFileRoute('/_app/$')({ component: NotFound })
