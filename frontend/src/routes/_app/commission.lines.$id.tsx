import { createFileRoute } from '@tanstack/react-router'
import { ReceiptPage } from '../../features/commission/ReceiptPage'

export const Route = createFileRoute('/_app/commission/lines/$id')({ remountDeps: ({ params }) => params, component: ReceiptPage })
