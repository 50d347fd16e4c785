import { base, open } from './browser.mjs'

/** The demo's ready-made logins, one a role. */
export async function demoLogins() {
  const response = await fetch(`${base}/api/demo/logins`)
  if (!response.ok) return []
  return (await response.json()).items
}

/** A page of somebody who is signed in, and what went wrong on it. */
export async function openAs(browser, login, path = '/', options = {}) {
  const page = await open(browser, '/signin', options)
  const response = await page.request.post(`${base}/api/session`, {
    data: { email: login.email, password: login.password },
    headers: { 'X-Portal': '1', 'Idempotency-Key': crypto.randomUUID(), Origin: base },
  })
  if (!response.ok()) throw new Error(`${login.email} cannot sign in: ${response.status()}`)
  const problems = []
  page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`))
  page.on('response', (answer) => {
    if (answer.status() >= 500) problems.push(`${answer.status()} ${answer.url()}`)
  })
  await visit(page, path)
  return { page, problems, close: () => page.context().close() }
}

/** Goes to a path and waits until its heading stands and nothing is loading. */
export async function visit(page, path) {
  await page.goto(base + path, { waitUntil: 'domcontentloaded' })
  await settled(page)
}

export async function settled(page) {
  await page.waitForSelector('h1', { timeout: 15_000 })
  await page.waitForFunction(() => !document.querySelector('main output .animate-pulse'), null, { timeout: 15_000 })
  await page.waitForTimeout(150)
}

/** What a person would see as broken: an error state, by its words. */
export const errorStates = (page) => page.locator('main [role=alert]').allTextContents()

/** Where the navigation leads. */
export const navigation = (page) =>
  page.locator('nav[aria-label] li a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))

/** Asks the API as the person of a page; a refusal is an error. */
export const asking = (page) => async (method, path, body) => {
  const answer = await page.request.fetch(base + path, {
    method,
    data: body,
    headers: { 'X-Portal': '1', 'Idempotency-Key': crypto.randomUUID(), Origin: base },
  })
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`)
  return answer.status() === 204 ? undefined : await answer.json()
}
