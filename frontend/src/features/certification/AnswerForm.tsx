import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { Button } from '../../shared/ui/Button'
import { TextArea } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import { useParts } from './partsWords'
import { answerFinding } from './queries'

export default function AnswerForm({ certification, finding }: { certification: string; finding: string }) {
  const { finding: f } = useParts()
  const [text, setText] = useState('')
  const answer = useWrite({
    run: (reply: string, { headers }) => answerFinding(certification, finding, reply, headers),
    touches: ['certification', 'home'],
    onDone: () => toast(f.answered),
  })
  return (
    <div className="mt-3 flex flex-col gap-2">
      <TextArea
        label={f.answerLabel}
        rows={2}
        value={text}
        onChange={setText}
        maxLength={2000}
        error={answer.error ? explain(answer.error) : undefined}
      />
      <div>
        <Button isDisabled={!text.trim()} isPending={answer.isPending} onPress={() => answer.mutate(text.trim())}>
          {f.send}
        </Button>
      </div>
    </div>
  )
}
