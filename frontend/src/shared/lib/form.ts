import { useEffect, useRef, useState } from 'react'
import { ApiProblem } from '../api/problem'

const prefix = 'ecoport.draft.'

function readDraft<T>(id: string | undefined): Partial<T> {
  if (!id) return {}
  try {
    return JSON.parse(sessionStorage.getItem(prefix + id) ?? '{}')
  } catch {
    return {}
  }
}

export function dropDrafts() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key)
}

type Options<T> = {
  initial: T
  /** With an id, what is typed survives a lost session or a reload of the tab. */
  draft?: string
  /** Never kept in the draft. */
  secret?: (keyof T)[]
  check?: (values: T) => Partial<Record<keyof T & string, string>>
}

/** Values, errors by field and the draft of a form; the server's `errors[]` land on their fields. */
export function useForm<T extends object>({ initial, draft, secret = [], check }: Options<T>) {
  const [values, setValues] = useState<T>(() => ({ ...initial, ...readDraft<T>(draft) }))
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [dirty, setDirty] = useState(false)
  const form = useRef<HTMLFormElement>(null)

  useEffect(() => {
    if (!draft || !dirty) return
    const timer = setTimeout(() => {
      const kept = Object.fromEntries(Object.entries(values).filter(([key]) => !secret.includes(key as keyof T)))
      try {
        sessionStorage.setItem(prefix + draft, JSON.stringify(kept))
      } catch {}
    }, 200)
    return () => clearTimeout(timer)
  })

  const show = (found: Record<string, string>) => {
    setErrors(found)
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
  }

  return {
    form,
    values,
    errors,
    dirty,
    /** Props for a field of the kit. */
    field<K extends keyof T & string>(name: K) {
      const message = errors[name]
      return {
        name,
        value: values[name],
        onChange: (value: T[K]) => {
          setDirty(true)
          setValues((old) => ({ ...old, [name]: value }))
          if (errors[name]) setErrors(({ [name]: _, ...rest }) => rest)
        },
        isInvalid: !!message,
        error: message,
      }
    },
    set: (patch: Partial<T>) => {
      setDirty(true)
      setValues((old) => ({ ...old, ...patch }))
    },
    /** Runs the checks, of all fields or of some; true when they pass. */
    valid(only?: (keyof T & string)[]) {
      const found = Object.entries(check?.(values) ?? {}).filter(([key, text]) => text && (!only || only.includes(key as keyof T & string)))
      show(Object.fromEntries(found) as Record<string, string>)
      return found.length === 0
    },
    refuse(error: unknown) {
      if (error instanceof ApiProblem && error.errors.length) show(error.byField)
    },
    done() {
      setDirty(false)
      if (draft) sessionStorage.removeItem(prefix + draft)
    },
    reset(next: T) {
      setDirty(false)
      setErrors({})
      setValues(next)
    },
  }
}
