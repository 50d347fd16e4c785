import { createFileRoute } from '@tanstack/react-router'
import { CertificationPage } from '../../features/certification/CertificationPage'

export const Route = createFileRoute('/_app/certifications/$id')({ remountDeps: ({ params }) => params, component: CertificationPage })
