import { useReference } from '../../shared/api/reference'
import { useMe } from '../../shared/api/session'
import { wordOf } from '../../shared/i18n/domain'
import { Switch } from '../../shared/ui/Choice'
import { FacetList } from '../../shared/ui/FacetList'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import type { Filter } from './queries'
import { useMarket } from './words'

type Count = { code: string; count: number }
type Props = {
  filter: Filter
  onChange: (patch: Partial<Filter>) => void
  counts: { industries: Count[]; scopes: Count[]; categories: Count[] }
}

/** Industry, scope and category with how many each would show. */
export function Facets({ filter, onChange, counts }: Props) {
  const t = useMarket()
  const { membership } = useMe()
  const { reference, options } = useReference()
  const groups = [
    { id: 'industry' as const, label: t.industry, options: options(reference.industries), counts: counts.industries },
    {
      id: 'scope' as const,
      label: t.scope,
      options: ['city', 'province'].map((id) => ({ id, label: wordOf(t.scopes, id) })),
      counts: counts.scopes,
    },
    { id: 'category' as const, label: t.category, options: options(reference.categories), counts: counts.categories },
  ]
  return (
    <div className="flex flex-col gap-6">
      {membership.tenant_kind !== 'city' && (
        <NativeSelect
          label={t.city}
          value={filter.city ?? 'all'}
          onChange={(city) => onChange({ city: city === 'all' ? undefined : city })}
          options={[{ id: 'all', label: t.wholeProvince }, ...reference.cities.map((city) => ({ id: city.code, label: city.name }))]}
        />
      )}
      {groups.map((group) => {
        const count = (code: string) => group.counts.find((one) => one.code === code)?.count ?? 0
        const value = filter[group.id] ?? []
        const shown = group.options.filter((option) => count(option.id) > 0 || value.includes(option.id))
        if (!shown.length) return null
        return (
          <div key={group.id}>
            <h2 className="mb-1 font-medium text-small">{group.label}</h2>
            <FacetList
              facet={{ id: group.id, label: group.label, value, options: shown.map((option) => ({ ...option, count: count(option.id) })) }}
              onChange={(next) => onChange({ [group.id]: next })}
            />
          </div>
        )
      })}
      <Switch isSelected={!!filter.certified} onChange={(certified) => onChange({ certified })}>
        {t.certified}
      </Switch>
    </div>
  )
}
