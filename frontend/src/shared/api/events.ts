import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

/** Live changes: a message names a topic, and every query whose key starts with it is asked again. */
export function useEvents() {
  const client = useQueryClient()
  useEffect(() => {
    const topics = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    let broken = false
    const flush = () => {
      timer = undefined
      for (const topic of topics) void client.invalidateQueries({ queryKey: [topic] })
      topics.clear()
    }
    const source = new EventSource('/api/events')
    source.onmessage = (event) => {
      try {
        const { topic } = JSON.parse(event.data) as { topic?: string }
        if (topic) topics.add(topic)
      } catch {
        return
      }
      timer ??= setTimeout(flush, 250)
    }
    source.onerror = () => {
      broken = true
    }
    source.onopen = () => {
      // What happened while we were away is unknown, so ask again for what is on screen.
      if (broken) void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' })
      broken = false
    }
    return () => {
      clearTimeout(timer)
      source.close()
    }
  }, [client])
}
