import { QueryErrorResetBoundary } from '@tanstack/react-query'
import { Component, type ReactNode, Suspense } from 'react'
import { ErrorState, Skeleton } from './States'

class Boundary extends Component<{ children: ReactNode; onReset: () => void }, { error: unknown }> {
  state = { error: undefined as unknown }
  static getDerivedStateFromError(error: unknown) {
    return { error: error ?? new Error('unknown') }
  }
  retry = () => {
    this.props.onReset()
    this.setState({ error: undefined })
  }
  render() {
    return this.state.error ? <ErrorState error={this.state.error} onRetry={this.retry} /> : this.props.children
  }
}

/** A part of a page that loads and fails alone. */
export function Part({ children, skeleton }: { children: ReactNode; skeleton?: ReactNode }) {
  return (
    <QueryErrorResetBoundary>
      {({ reset }) => (
        <Boundary onReset={reset}>
          <Suspense fallback={skeleton ?? <Skeleton rows={4} />}>{children}</Suspense>
        </Boundary>
      )}
    </QueryErrorResetBoundary>
  )
}
