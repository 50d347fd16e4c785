// The marketplace as an agent uses it: find, mark, compare; and what changed between two versions, as an author sees it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, phone, violations } from './browser.mjs'
import { demoLogins, openAs, visit } from './roles.mjs'

const logins = await demoLogins()
const password = logins[0].password
let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

test('an agent finds, marks and compares solutions on a phone', async () => {
  const { page } = await openAs(browser, { email: 'agent@p03.example', password }, '/market', phone)
  const main = page.locator('main')
  await main.getByRole('searchbox').fill('标准')
  await main.locator('mark').first().waitFor()
  const first = main.getByRole('article').first()
  const name = await first.getByRole('heading').textContent()
  await first.getByRole('button', { name: `收藏 ${name}` }).click()
  await first.getByRole('button', { name: `收藏 ${name}`, pressed: true }).waitFor()
  await visit(page, '/market?view=favourites')
  await main.getByRole('heading', { name, exact: true }).waitFor()
  await main.getByRole('button', { name: `收藏 ${name}`, pressed: true }).click()
  await main.getByText('还没有收藏', { exact: true }).waitFor()

  await visit(page, '/market')
  const boxes = main.getByRole('checkbox', { name: /加入对比/ })
  await boxes.nth(0).check()
  await boxes.nth(1).check()
  await main.getByRole('link', { name: '开始对比' }).click()
  await main.getByRole('table').waitFor()
  assert.equal(await main.getByRole('columnheader').count(), 2)
  assert.match(page.url(), /ids=.*ids=/)
  assert.deepEqual(await violations(page), [], 'the comparison')
})

test('an author sees what changed since the certified version', async () => {
  const { page } = await openAs(browser, { email: 'author@p01.example', password }, '/solutions?state=certified')
  const version = await page.evaluate(async () => {
    const ask = async (method, path, body) => {
      const answer = await fetch(path, {
        method,
        headers: { 'Content-Type': 'application/json', 'X-Portal': '1', 'Idempotency-Key': crypto.randomUUID() },
        body: body && JSON.stringify(body),
      })
      return answer.json()
    }
    const { items } = await ask('GET', '/api/solutions?state=certified&limit=20')
    const made = await ask('POST', `/api/solutions/${items.at(-1).id}/versions`, { semver: '7.0.0' })
    const elements = made.elements.map((element, index) => ({ ...element, price_fen: element.price_fen + (index ? 0 : 100) }))
    return ask('PUT', `/api/versions/${made.id}`, {
      semver: '7.0.0',
      description: `${made.description}新增离线运行。`,
      notes: '支持离线',
      integration: made.integration,
      elements,
      version: made.version,
    })
  })
  await visit(page, `/versions/${version.id}`)
  const main = page.locator('main')
  await main.getByRole('link', { name: '和上一版比较' }).click()
  await main.getByRole('heading', { name: /版本差异/ }).waitFor()
  assert.match(await main.locator('ins').first().textContent(), /离线/)
  await main.getByText('+¥1', { exact: false }).first().waitFor()
  await main.getByText('修改', { exact: true }).first().waitFor()
  assert.deepEqual(await violations(page), [], 'the difference of two versions')
})
