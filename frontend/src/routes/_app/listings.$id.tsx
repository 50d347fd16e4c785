import { createFileRoute } from '@tanstack/react-router'
import { ListingPage } from '../../features/listings/ListingPage'

export const Route = createFileRoute('/_app/listings/$id')({ remountDeps: ({ params }) => params, component: ListingPage })
