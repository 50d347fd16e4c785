import { Part } from '../../shared/ui/Part'
import { Business } from './Business'
import { Circles } from './Circles'
import { Contacts } from './Contacts'
import { Merges } from './Merges'
import { Quality } from './Quality'
import type { Account } from './queries'

/** What stands below the basics of a customer; fetched beside the page, not with it. */
export default function Parts({
  account,
  partner,
  canEdit,
  canUndo,
}: {
  account: Account
  partner: boolean
  canEdit: boolean
  canUndo: boolean
}) {
  return (
    <>
      <Circles account={account} />
      {!partner && <Quality account={account} />}
      <Part>
        <Contacts id={account.id} canEdit={canEdit} />
      </Part>
      <Business id={account.id} />
      <Merges account={account} canUndo={canUndo} />
    </>
  )
}
