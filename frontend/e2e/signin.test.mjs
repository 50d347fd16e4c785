// Needs the server with its demo province: ECOPORT_URL, else 127.0.0.1:8080.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { base, launch, open, violations } from './browser.mjs'
import { demoLogins, openAs, settled } from './roles.mjs'

let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

/** The code an authenticator app shows, `ahead` steps from now. */
function totp(secret, ahead = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
  const sum = createHmac('sha1', key).update(counter).digest()
  const at = sum.at(-1) & 15
  return String((sum.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

test('two-step sign-in: turned on, asked for, a recovery code in need, and off again', async () => {
  const login = (await demoLogins()).find((one) => one.role === 'analyst')
  const { page, problems, close } = await openAs(browser, login, '/preferences')
  await page.getByRole('link', { name: '登录与安全' }).click()
  await settled(page)
  assert.deepEqual(await violations(page), [])

  await page.getByRole('button', { name: '开启两步验证' }).click()
  await page.fill('input[name=password]', login.password)
  await page.getByRole('button', { name: '下一步' }).click()
  const secret = await page.locator('[data-secret]').textContent()
  assert.ok(
    await page.locator('img[src^="data:image/png"]').evaluate((img) => img.complete && img.naturalWidth > 100),
    'the picture is shown',
  )
  await page.fill('input[name=code]', '000000')
  await page.getByRole('button', { name: '确认并开启' }).click()
  await page.getByText('动态码不正确').waitFor()
  await page.fill('input[name=code]', totp(secret))
  await page.getByRole('button', { name: '确认并开启' }).click()
  await page.waitForSelector('[role=alertdialog] li code')
  const codes = await page.locator('[role=alertdialog] li code').allTextContents()
  assert.equal(codes.length, 10)
  assert.deepEqual(await violations(page), [])
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: '下载恢复码' }).click()
  assert.match((await download).suggestedFilename(), /recovery-codes/)
  await page.getByRole('button', { name: '我已保存' }).click()
  await page.getByText('还有 10 个恢复码可用').waitFor()
  await close()

  const enter = async (code) => {
    const at = await open(browser, '/signin')
    await at.fill('input[name=email]', login.email)
    await at.fill('input[name=password]', login.password)
    await at.locator('form button[type=submit]').click()
    await at.waitForSelector('input[name=code]')
    assert.deepEqual(await violations(at), [])
    await at.fill('input[name=code]', code)
    await at.locator('form button[type=submit]').click()
    return at
  }
  const wrong = await enter('000000')
  await wrong.getByRole('alert').waitFor()
  await wrong.context().close()
  const byCode = await enter(totp(secret, 1))
  await byCode.waitForURL(`${base}/`)
  await byCode.context().close()
  const byRecovery = await enter(codes[0])
  await byRecovery.waitForURL(`${base}/`)
  await byRecovery.goto(`${base}/preferences/security`)
  await byRecovery.getByText('还有 9 个恢复码可用').waitFor()
  await byRecovery.getByRole('button', { name: '关闭两步验证' }).click()
  await byRecovery.fill('input[name=password]', login.password)
  await byRecovery.fill('input[name=code]', codes[1])
  await byRecovery.locator('[role=dialog]').getByRole('button', { name: '关闭两步验证' }).click()
  await byRecovery.getByText('还没有开启').waitFor()
  await byRecovery.context().close()
  assert.deepEqual(problems, [])
})

test('a device is signed out from another', async () => {
  const login = (await demoLogins()).find((one) => one.role === 'care_agent')
  const other = await openAs(browser, login)
  const { page, close } = await openAs(browser, login, '/preferences/security')
  await page.getByRole('button', { name: '退出其他所有设备' }).click()
  await page.getByText('其他设备都已退出').waitFor()
  assert.equal((await other.page.request.get(`${base}/api/me`)).status(), 401)
  assert.equal((await page.request.get(`${base}/api/me`)).status(), 200)
  await close()
  await other.close()
})

test('a forgotten password without mail leads to the admin', async () => {
  const page = await open(browser, '/signin')
  await page.getByRole('link', { name: '忘记密码' }).click()
  await page.getByText('请联系本单位管理员').first().waitFor()
  assert.deepEqual(await violations(page), [])
  await page.goto(`${base}/reset/nothing`)
  await page.fill('input[name=password]', 'a long enough password')
  await page.locator('form button[type=submit]').click()
  await page.getByRole('alert').waitFor()
  assert.deepEqual(await violations(page), [])
  await page.goto(`${base}/signin/return?error=access_denied`)
  await page.getByText('没有登录成功').waitFor()
  assert.deepEqual(await violations(page), [])
  await page.context().close()
})
