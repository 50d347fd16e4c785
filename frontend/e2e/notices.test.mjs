// Needs the server with its demo province: ECOPORT_URL, else 127.0.0.1:8080.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, phone, violations } from './browser.mjs'
import { demoLogins, openAs, settled } from './roles.mjs'

let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

test('what somebody does is a notice of somebody else, at once, and leads to the record', async () => {
  const logins = await demoLogins()
  const admin = logins.find((one) => one.role === 'partner_admin')
  const { page, problems, close } = await openAs(browser, admin, '/notices?kind=info')
  assert.deepEqual(await violations(page), [])
  const headers = { 'X-Portal': '1', 'Idempotency-Key': crypto.randomUUID() }
  const email = `new-${Date.now()}@firm.example`
  const invited = await page.request.post(`${new URL(page.url()).origin}/api/invitations`, { data: { email, roles: ['agent'] }, headers })
  const { link } = await invited.json()
  const guest = await browser.newContext()
  const joined = await guest.request.post(`${new URL(page.url()).origin}/api/invitations/accept`, {
    data: { token: link.split('/').at(-1), name: '林新人', password: 'a long enough password' },
    headers: { 'X-Portal': '1' },
  })
  assert.ok(joined.ok(), await joined.text())
  await guest.close()
  await page.getByText('林新人 接受邀请加入了本单位').first().waitFor()
  await page.getByRole('button', { name: /^通知，/ }).click()
  const bell = page.getByRole('dialog', { name: '通知' })
  await bell.getByText('仅供知悉').click()
  await bell.getByText('林新人 接受邀请加入了本单位').first().waitFor()
  assert.deepEqual(await violations(page), [])
  await bell
    .getByRole('link', { name: /林新人/ })
    .first()
    .click()
  await page.waitForURL('**/members')
  assert.deepEqual(problems, [])
  await close()
})

test('a webhook is added, shows its secret once, and what was sent', async () => {
  const admin = (await demoLogins()).find((one) => one.role === 'province_admin')
  const { page, problems, close } = await openAs(browser, admin, '/webhooks')
  await page.getByRole('button', { name: '添加 Webhook' }).click()
  await page.fill('input[name=address]', 'https://10.0.0.1/in')
  await page.getByText('商机', { exact: true }).last().click()
  await page.getByRole('button', { name: '保存 Webhook' }).click()
  await page.getByText('需要一个公网可访问的 https 地址').waitFor()
  await page.fill('input[name=address]', 'https://1.1.1.1/in')
  await page.getByRole('button', { name: '保存 Webhook' }).click()
  assert.match(await page.locator('[role=alertdialog] input').inputValue(), /^whsec_/)
  await page.getByRole('button', { name: '我已保存' }).click()
  await page.locator('main a[href^="/webhooks/"]').first().click()
  await settled(page)
  await page.getByRole('button', { name: '发送测试' }).click()
  await page
    .locator('main code', { hasText: /^test$/ })
    .first()
    .waitFor()
  assert.deepEqual(await violations(page), [])
  await page.getByRole('button', { name: '删除 Webhook' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: '删除 Webhook' }).click()
  await page.waitForURL('**/webhooks')
  assert.deepEqual(problems, [])
  await close()
})

test('notices fit a phone', async () => {
  const admin = (await demoLogins()).find((one) => one.role === 'city_channel_manager')
  const { page, problems, close } = await openAs(browser, admin, '/notices', phone)
  assert.deepEqual(await violations(page), [])
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing hangs over')
  assert.deepEqual(problems, [])
  await close()
})
