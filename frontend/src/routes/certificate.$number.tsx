import { createFileRoute } from '@tanstack/react-router'
import { CertificatePage } from '../features/certification/CertificatePage'

export const Route = createFileRoute('/certificate/$number')({ remountDeps: ({ params }) => params, component: CertificatePage })
