import { diffWordsWithSpace } from 'diff'
import { useMemo } from 'react'
import { useSolutions } from './words'

/** A text with what was taken out and put in, word by word; Chinese has no spaces, so a segmenter finds its words. */
export default function Words({ before, after }: { before: string; after: string }) {
  const d = useSolutions().difference
  const parts = useMemo(
    () => diffWordsWithSpace(before, after, { intlSegmenter: new Intl.Segmenter('zh', { granularity: 'word' }) }),
    [before, after],
  )
  return (
    <p className="max-w-prose whitespace-pre-line leading-relaxed">
      {parts.map((part, index) =>
        part.added ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no names
          <ins key={index} className="rounded-check bg-jade-soft text-jade no-underline">
            <span className="sr-only">{d.insert}: </span>
            {part.value}
          </ins>
        ) : part.removed ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no names
          <del key={index} className="rounded-check bg-cinnabar-soft text-cinnabar">
            <span className="sr-only">{d.delete}: </span>
            {part.value}
          </del>
        ) : (
          part.value
        ),
      )}
    </p>
  )
}
