// Needs the server with its demo province: ECOPORT_URL, else 127.0.0.1:8080.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, open, phone, violations } from './browser.mjs'

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
  assert.deepEqual(await violations(page), [])
})

test('the credit code is checked while it is typed', async () => {
  const page = await open(browser, '/register')
  await page.fill('input[name=credit_code]', '91440300708461137T')
  await page.getByText('校验码不对').waitFor()
  await page.fill('input[name=credit_code]', '91440300708461136T')
  await page.getByText('校验通过').waitFor()
})
