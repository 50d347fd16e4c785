import AxeBuilder from '@axe-core/playwright'
import { chromium } from 'playwright-core'

export const base = process.env.ECOPORT_URL ?? 'http://127.0.0.1:8080'

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--font-render-hinting=none',
    ],
  })

export const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

export async function open(browser, path, { locale = 'zh', ...options } = {}) {
  const context = await browser.newContext(options)
  await context.addInitScript((lang) => localStorage.setItem('ecoport.locale', lang), locale)
  const page = await context.newPage()
  await page.goto(base + path, { waitUntil: 'domcontentloaded' })
  return page
}

/** Rule and element of every accessibility violation on the page. */
export async function violations(page) {
  // a dialog half faded in has no contrast of its own
  await page.waitForFunction(() =>
    document.getAnimations().every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations > 1),
  )
  const { violations: found } = await new AxeBuilder({ page }).analyze()
  return found.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`))
}
