import { createFileRoute } from '@tanstack/react-router'
import { RegisterPage } from '../features/entry/RegisterPage'

export const Route = createFileRoute('/register')({ component: RegisterPage })
