import { createFileRoute } from '@tanstack/react-router'
import { TerritoriesPage } from '../../features/territories/TerritoriesPage'

export const Route = createFileRoute('/_app/territories')({ component: TerritoriesPage })
