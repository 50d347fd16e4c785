import { useSuspenseQuery } from '@tanstack/react-query'
import { useReference } from '../../shared/api/reference'
import { useMe } from '../../shared/api/session'
import { useRoleName } from '../../shared/i18n/common'
import { CheckboxGroup } from '../../shared/ui/Choice'
import { rolesQuery } from './queries'
import { useMembers } from './words'

type Values = { roles: string[]; districts: string[] }

/** Roles, and for a city the districts they are narrowed to. */
export function RoleFields({ value, onChange, error }: { value: Values; onChange: (value: Values) => void; error?: string }) {
  const t = useMembers()
  const name = useRoleName()
  const { membership } = useMe()
  const { reference } = useReference()
  const roles = useSuspenseQuery(rolesQuery).data.items
  const districts = reference.cities.find((city) => city.code === membership.tenant_code)?.districts ?? []
  return (
    <>
      <CheckboxGroup
        label={t.roles}
        error={error}
        options={roles.map((role) => ({
          id: role.code,
          label: role.name || name(role.code),
          description: t.permissionCount(role.permissions.length),
        }))}
        value={value.roles}
        onChange={(next) => onChange({ ...value, roles: next })}
      />
      {membership.tenant_kind === 'city' && districts.length > 0 && (
        <CheckboxGroup
          label={t.districts}
          description={t.districtsHelp}
          isRequired={false}
          options={districts.map((district) => ({ id: district.code, label: district.name }))}
          value={value.districts}
          onChange={(next) => onChange({ ...value, districts: next })}
        />
      )}
    </>
  )
}
