import { createFileRoute } from '@tanstack/react-router'
import { AccuracyPage } from '../../features/accuracy/AccuracyPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/accuracy/')({ validateSearch: searchOf({ year: 'text' }), component: AccuracyPage })
