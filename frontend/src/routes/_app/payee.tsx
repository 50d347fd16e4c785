import { createFileRoute } from '@tanstack/react-router'
import { PayeePage } from '../../features/payouts/PayeePage'

export const Route = createFileRoute('/_app/payee')({ component: PayeePage })
