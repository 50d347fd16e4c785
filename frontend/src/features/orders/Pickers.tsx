import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { ComboBox } from '../../shared/ui/Select'
import { accountsQuery, offersQuery } from './queries'
import { useOrders } from './words'

type Props = { value: string | null; onChange: (id: string | null) => void; error?: string }

export function AccountPicker(props: Props) {
  const { compose: t } = useOrders()
  const [text, setText] = useState('')
  const { data, isFetching } = useQuery({ ...accountsQuery(useDeferredValue(text)), placeholderData: (old) => old })
  const options = (data?.items ?? []).map((account) => ({ id: account.id, label: account.name, description: account.credit_code }))
  return (
    <ComboBox
      label={t.account}
      empty={t.accountNone}
      input={text}
      onInput={setText}
      isLoading={isFetching}
      options={options}
      {...props}
      onChange={(id) => {
        setText(options.find((one) => one.id === id)?.label ?? '')
        props.onChange(id)
      }}
    />
  )
}

export function OfferPicker(props: Props) {
  const { compose: t } = useOrders()
  const [text, setText] = useState('')
  const { data, isFetching } = useQuery({ ...offersQuery(useDeferredValue(text)), placeholderData: (old) => old })
  const options = (data?.items ?? []).map((offer) => ({
    id: offer.id,
    label: offer.name,
    description: `${offer.partner_name} · ${offer.scope_name}`,
  }))
  return (
    <ComboBox
      label={t.offer}
      empty={t.offerNone}
      input={text}
      onInput={setText}
      isLoading={isFetching}
      options={options}
      {...props}
      onChange={(id) => {
        setText(options.find((one) => one.id === id)?.label ?? '')
        props.onChange(id)
      }}
    />
  )
}
