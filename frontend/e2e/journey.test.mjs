// Every role opens everything its navigation offers: nothing may fail, nothing may be inaccessible.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { base, launch, phone, violations } from './browser.mjs'
import { demoLogins, errorStates, navigation, openAs, settled, visit } from './roles.mjs'

const logins = await demoLogins()
assert.ok(logins.length, `no demo logins at ${base}: start the portal with its demo province`)
let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

/** The page and, where it is a list, its first record. */
async function look(page, path, found, name) {
  await visit(page, path)
  await check(page, path, found, name)
  const first = page.locator('main tbody a, main li > a[href^="/market/"]').first()
  if (!(await first.count())) return
  await first.click()
  await page.waitForTimeout(200)
  await settled(page)
  await check(page, `${path} -> ${new URL(page.url()).pathname}`, found, name)
}

const analysed = new Set()

/** Error states always; accessibility once for each kind of page, whoever sees it, in each look. */
async function check(page, where, found, look = 'light') {
  for (const text of await errorStates(page)) found.push(`${where}: ${text.replace(/\s+/g, ' ')}`)
  const kind = `${look} ${new URL(page.url()).pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')}`
  if (analysed.has(kind)) return
  analysed.add(kind)
  for (const violation of await violations(page)) found.push(`${where}: ${violation}`)
}

describe('every role, every entry', { concurrency: 2 }, () => {
  for (const login of logins) {
    test(`${login.role} (${login.tenant_name})`, async () => {
      const { page, problems, close } = await openAs(browser, login)
      const found = []
      for (const path of await navigation(page)) await look(page, path, found)
      assert.deepEqual([...new Set([...problems, ...found])], [])
      await close()
    })
  }
})

const looks = {
  dark: { colorScheme: 'dark' },
  phone,
  English: { locale: 'en' },
}
// between them they open every screen
const shown = ['agent', 'solution_author', 'product_manager', 'settlement_officer', 'city_channel_manager']

describe('looks', { concurrency: 2 }, () => {
  for (const [name, options] of Object.entries(looks)) {
    for (const role of shown) {
      const login = logins.find((one) => one.role === role)
      if (!login) continue
      test(`${role}, ${name}`, async () => {
        const wide = await openAs(browser, login)
        const paths = await navigation(wide.page)
        await wide.close()
        const { page, problems, close } = await openAs(browser, login, '/', options)
        const found = []
        for (const path of paths) await look(page, path, found, name)
        if (name === 'phone')
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1), false, 'the page scrolls sideways')
        assert.deepEqual([...new Set([...problems, ...found])], [])
        await close()
      })
    }
  }
})

test('the review queue is worked by keyboard', async (context) => {
  const login = logins.find((one) => one.role === 'product_manager')
  const { page, close } = await openAs(browser, login, '/reviews')
  const rows = page.locator('[id^=review-] button')
  if ((await rows.count()) < 2) {
    context.skip('fewer than two items to review')
    return
  }
  const current = () => page.locator('[id^=review-] button[aria-current]').textContent()
  const first = await current()
  await page.keyboard.press('j')
  await page.waitForFunction((was) => document.querySelector('[id^=review-] button[aria-current]')?.textContent !== was, first)
  await page.keyboard.press('k')
  await page.waitForFunction((was) => document.querySelector('[id^=review-] button[aria-current]')?.textContent === was, first)
  const count = await rows.count()
  await page.waitForSelector('[name=opinion]')
  // sending back asks for a reason first
  await page.keyboard.press('r')
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'opinion')
  await page.keyboard.press('Tab')
  await page.evaluate(() => document.activeElement?.blur())
  // approving can be undone: nothing has been sent
  await page.keyboard.press('Shift+A')
  await page.waitForFunction((was) => document.querySelectorAll('[id^=review-] button').length === was - 1, count)
  await page.getByRole('button', { name: '撤销' }).click()
  await page.waitForFunction((was) => document.querySelectorAll('[id^=review-] button').length === was, count)
  await close()
})

test('the palette finds pages and records, and only what matches', async () => {
  const login = logins.find((one) => one.role === 'agent')
  const { page, close } = await openAs(browser, login)
  await page.keyboard.press('Control+k')
  await page.getByRole('searchbox').fill('商机')
  await page.getByRole('menuitem', { name: '商机' }).first().waitFor()
  assert.deepEqual(await violations(page), [])
  await page.keyboard.press('Enter')
  await page.waitForURL('**/deals')
  await close()
})
