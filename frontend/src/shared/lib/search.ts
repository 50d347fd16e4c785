import { useNavigate, useSearch } from '@tanstack/react-router'

type Kind = 'text' | 'list' | 'flag'
type Search<S extends Record<string, Kind>> = { [K in keyof S]?: S[K] extends 'list' ? string[] : S[K] extends 'flag' ? boolean : string }

const read: Record<Kind, (value: unknown) => unknown> = {
  text: (value) => (typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined),
  list: (value) => {
    const list = (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined && one !== '').map(String)
    return list.length ? list : undefined
  },
  flag: (value) => value === true || value === 'true' || value === 1 || undefined,
}

/** The search schema of a route: what is not named here never reaches the page. */
export const searchOf =
  <S extends Record<string, Kind>>(spec: S) =>
  (raw: Record<string, unknown>): Search<S> =>
    Object.fromEntries(
      Object.entries(spec)
        .map(([key, kind]) => [key, read[kind](raw[key])])
        .filter(([, value]) => value !== undefined),
    ) as Search<S>

/** The filters in the address, and how to change some of them. */
export function useFilters<T extends object>() {
  const filters = useSearch({ strict: false } as never) as T
  const navigate = useNavigate()
  const set = (patch: Partial<T>) =>
    void navigate({
      to: '.',
      replace: true,
      search: ((old: object) =>
        Object.fromEntries(
          Object.entries({ ...old, ...patch }).filter(
            ([, value]) => value !== undefined && value !== '' && value !== false && !(Array.isArray(value) && !value.length),
          ),
        )) as never,
    })
  return [filters, set] as const
}

/** An address of the server, which may carry a query, as the props of a link. */
export function linkTo(href: string) {
  const [to = '/', query] = href.split('?')
  return { to, search: query ? (Object.fromEntries(new URLSearchParams(query)) as never) : undefined }
}
