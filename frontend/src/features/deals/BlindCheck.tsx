import { CircleCheck, CircleHelp, Lock } from 'lucide-react'
import { useEffect } from 'react'
import type { Schemas } from '../../shared/api/client'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { checkCreditCode } from '../../shared/lib/creditCode'
import { formatTime } from '../../shared/lib/time'
import { Button } from '../../shared/ui/Button'
import { TextField } from '../../shared/ui/Field'
import { Section } from '../../shared/ui/Layout'
import { Banner } from '../../shared/ui/Record'
import { checkDeal } from './queries'
import { useDeals } from './words'

export type Answer = Schemas['DealCheckAnswer']
type Props = { code: string; onCode: (code: string) => void; answer?: Answer; onAnswer: (answer?: Answer) => void }

const looks = { free: ['jade', CircleCheck], protected: ['cinnabar', Lock], ask: ['amber', CircleHelp] } as const

/** Free, protected until, or ask: never who. */
export function BlindCheck({ code, onCode, answer, onAnswer }: Props) {
  const t = useDeals().new
  const state = checkCreditCode(code)
  const check = useWrite({ run: (text: string) => checkDeal(text), onDone: (result) => onAnswer(result) })
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks once, when the code has just become whole
  useEffect(() => {
    if (state === 'ok' && !answer && !check.isPending) check.mutate(code)
  }, [code])
  const bad = state === 'character' || state === 'check'
  const [tone, Icon] = looks[answer?.answer ?? 'ask']
  const until = answer?.until ? formatTime(answer.until, 'date') : ''
  return (
    <Section title={t.step1}>
      <form
        className="flex items-start gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (state === 'ok') check.mutate(code)
        }}
      >
        <TextField
          className="flex-1"
          label={t.code}
          description={state === 'short' && code ? t.codeLeft(18 - code.length) : t.codeHelp}
          error={bad ? t.codeBad : check.error ? (check.error.status === 429 ? t.tooMany : explain(check.error)) : undefined}
          value={code}
          maxLength={18}
          autoComplete="off"
          autoFocus
          onChange={(text) => {
            onAnswer(undefined)
            check.reset()
            onCode(text.toUpperCase().replace(/\s/g, ''))
          }}
        />
        <Button
          type="submit"
          className="mt-[26px]"
          variant={answer ? 'secondary' : 'primary'}
          isDisabled={state !== 'ok'}
          isPending={check.isPending}
        >
          {t.check}
        </Button>
      </form>
      <div aria-live="polite" className="mt-4">
        {answer && (
          <Banner
            tone={tone}
            icon={<Icon size={18} aria-hidden />}
            title={answer.answer === 'protected' ? t.protected(until) : t[answer.answer]}
          >
            {t[`${answer.answer}Why`]}
          </Banner>
        )}
      </div>
    </Section>
  )
}
