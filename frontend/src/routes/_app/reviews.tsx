import { createFileRoute } from '@tanstack/react-router'
import { ReviewsPage } from '../../features/reviews/ReviewsPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/reviews')({ validateSearch: searchOf({ item: 'text', view: 'text' }), component: ReviewsPage })
