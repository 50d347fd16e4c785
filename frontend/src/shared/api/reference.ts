import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { useLocale } from '../i18n'
import { api, data, type Schemas } from './client'

export const referenceQuery = queryOptions({
  queryKey: ['reference'],
  queryFn: async ({ signal }) => {
    const reference = await data(api.GET('/api/reference', { signal }))
    // the server names the city company; a place is the city
    return { ...reference, cities: reference.cities.map((city) => ({ ...city, name: city.name.replace(/公司$/, '') })) }
  },
  staleTime: 60 * 60_000,
})

type Term = Pick<Schemas['Term'], 'code' | 'zh' | 'en'>

/** Names of cities, industries, categories and families in the chosen language. */
export function useReference() {
  const lang = useLocale()
  const reference = useSuspenseQuery(referenceQuery).data
  const options = (terms: Term[]) => terms.map((term) => ({ id: term.code, label: term[lang] }))
  const name = (terms: Term[], code: string | null | undefined) => terms.find((term) => term.code === code)?.[lang] ?? code ?? ''
  return { reference, options, name }
}
