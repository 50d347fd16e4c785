// Needs the server with its demo province: ECOPORT_URL, else 127.0.0.1:8080.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, open, phone, violations } from './browser.mjs'
import { demoLogins, openAs, settled } from './roles.mjs'

let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

const looks = { light: {}, dark: { colorScheme: 'dark' }, phone, English: { locale: 'en' } }

for (const [look, options] of Object.entries(looks)) {
  for (const path of ['/signin', '/register']) {
    test(`${path} is accessible: ${look}`, async () => {
      const page = await open(browser, path, options)
      await page.waitForSelector('h1')
      assert.deepEqual(await violations(page), [])
    })
  }
}

test('a visitor signs in with a demo login and lands where they were going', async () => {
  const page = await open(browser, '/preferences')
  await page.waitForURL(/\/signin\?return=/)
  await page.click('section li button >> nth=0')
  await page.waitForURL('**/preferences')
  await settled(page)
  assert.deepEqual(await violations(page), [])
})

test('the credit code is checked while it is typed', async () => {
  const page = await open(browser, '/register')
  await page.fill('input[name=credit_code]', '91440300708461137T')
  await page.getByText('校验码不对').waitFor()
  await page.fill('input[name=credit_code]', '91440300708461136T')
  await page.getByText('校验通过').waitFor()
})

test('a tab left open overnight goes on, and an ended session leads back to where one was', async () => {
  const login = (await demoLogins()).find((one) => one.role === 'agent')
  const { page, problems, close } = await openAs(browser, login)
  const context = page.context()
  // The short access token is gone in the morning; the long refresh token is not.
  await context.clearCookies({ name: 'portal_access' })
  await page.locator('nav[aria-label] a[href="/deals"]').first().click()
  await page.waitForURL('**/deals')
  await settled(page)
  const renewed = async () => (await context.cookies()).some((cookie) => cookie.name === 'portal_access')
  // the answer that shows the page and the cookie of the one before it come in either order
  for (let tries = 0; tries < 50 && !(await renewed()); tries++) await page.waitForTimeout(200)
  assert.ok(await renewed(), 'the session was renewed')
  // Both are gone: sign in again, and be back on the page that was asked for.
  await context.clearCookies()
  await page.locator('nav[aria-label] a[href="/commission"]').first().click()
  await page.waitForURL(/\/signin\?return=/)
  assert.match(decodeURIComponent(page.url()), /commission/)
  assert.deepEqual(problems, [])
  await close()
})
