// Unified social credit code, GB 32100: 18 characters, the last one computed from the others.

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

export type CreditCodeState = 'short' | 'character' | 'check' | 'ok'

export function checkDigit(first17: string): string {
  let sum = 0
  let weight = 1
  for (const char of first17) {
    sum += alphabet.indexOf(char) * weight
    weight = (weight * 3) % 31
  }
  return alphabet[(31 - (sum % 31)) % 31] as string
}

export function checkCreditCode(code: string): CreditCodeState {
  for (const char of code) if (!alphabet.includes(char)) return 'character'
  if (code.length !== 18) return 'short'
  return checkDigit(code.slice(0, 17)) === code[17] ? 'ok' : 'check'
}
