import { useRefusal } from '../i18n/permissions'

/** Why something is refused, the permission in words. */
export default function Refused({ error }: { error: unknown }) {
  return useRefusal()(error)
}
