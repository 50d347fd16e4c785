import { useState } from 'react'
import { Button } from '../../shared/ui/Button'
import { TextArea } from '../../shared/ui/Field'
import type { PlanDocument } from './queries'
import { usePlans } from './words'

export function parse(text: string): PlanDocument | undefined {
  try {
    const value = JSON.parse(text)
    return typeof value?.plan === 'string' && Array.isArray(value.rules) && typeof value.valid_from === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

type Props = { doc: PlanDocument; onChange: (patch: Partial<PlanDocument>) => void }

/** The exchange file, to read and to change. */
export function Json({ doc, onChange }: Props) {
  const t = usePlans()
  const [text, setText] = useState(() => JSON.stringify(doc, null, 2))
  const [bad, setBad] = useState(false)
  return (
    <div className="flex flex-col gap-3 [&_textarea]:font-mono [&_textarea]:text-small">
      <TextArea
        label={t.json}
        hideLabel
        rows={24}
        value={text}
        onChange={(next) => {
          setText(next)
          setBad(false)
        }}
        error={bad ? t.badJson : undefined}
      />
      <div>
        <Button
          onPress={() => {
            const next = parse(text)
            if (next) onChange(next)
            else setBad(true)
          }}
        >
          {t.applyJson}
        </Button>
      </div>
    </div>
  )
}
