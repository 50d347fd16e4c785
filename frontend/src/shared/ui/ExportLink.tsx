import { Download } from 'lucide-react'
import { useDomain } from '../i18n/domain'
import { buttonClass } from './Button'

/** The list as a sheet, filtered as it is on the screen. */
export function ExportLink({ path, filter }: { path: string; filter: object }) {
  const t = useDomain()
  const query = new URLSearchParams(
    Object.entries(filter)
      .filter(([, value]) => typeof value === 'string' || value === true)
      .map(([key, value]) => [key, String(value)]),
  )
  return (
    <a href={`${path}?${query}`} download className={buttonClass()}>
      <Download size={16} aria-hidden />
      {t.export}
    </a>
  )
}
