/** A text with what was searched for marked. */
export function Hit({ text, q }: { text: string; q?: string }) {
  const words = (q ?? '')
    .trim()
    .split(/[\s,，、]+/)
    .filter((word) => word.length >= 2)
  if (!words.length) return text
  const found = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'gi')
  return text.split(found).map((part, index) =>
    index % 2 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no names
      <mark key={index} className="rounded-check bg-gilt-soft text-inherit">
        {part}
      </mark>
    ) : (
      part
    ),
  )
}
