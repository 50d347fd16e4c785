// The everyday work on customers: import, views, owners, workbooks, duplicates.
// Needs the server with its demo province: ECOPORT_URL, else 127.0.0.1:8080.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base, launch, violations } from './browser.mjs'
import { demoLogins, openAs, settled, visit } from './roles.mjs'

let browser
let city
before(async () => {
  browser = await launch()
  city = (await demoLogins()).find((one) => one.role === 'city_channel_manager' && one.email.includes('4401'))
})
after(() => browser.close())

const press = (where, name) => where.getByRole('button', { name, exact: true }).first().click()
const dialog = (page) => page.locator('[role=dialog],[role=alertdialog]').filter({ has: page.getByRole('heading') })
const json = async (page, path) => (await page.request.get(base + path)).json()
const run = Date.now().toString(36)

test('a sheet is checked, written and taken back', async () => {
  const { page, problems, close } = await openAs(browser, city, '/imports')
  assert.deepEqual(await violations(page), [])
  const [known, other] = (await json(page, '/api/accounts?limit=2')).items
  const sheet = [
    '客户名称,统一社会信用代码,客户类型,价值等级,行业,区县,地址',
    [known.name, known.credit_code, known.kind, known.tier, known.industry, known.district_code, `导入路${run}号`].join(','),
    [other.name, '91440000MA0000000X', other.kind, other.tier, other.industry, other.district_code, ''].join(','),
  ].join('\n')
  await page.setInputFiles('input[type=file]', { name: `${run}.csv`, mimeType: 'text/csv', buffer: Buffer.from(sheet) })
  await page.waitForURL('**/imports/*')
  await page.getByRole('button', { name: '应用导入' }).waitFor()
  await page.getByText('有误的行').first().waitFor()
  assert.deepEqual(await violations(page), [])
  const address = async () => (await json(page, `/api/accounts/${known.id}`)).address
  const was = await address()
  await press(page, '应用导入')
  await page.getByText('已写入').first().waitFor()
  assert.equal(await address(), `导入路${run}号`)
  await press(page, '撤回导入')
  await press(dialog(page), '撤回导入')
  await page.getByText('已撤回').first().waitFor()
  assert.equal(await address(), was)
  assert.deepEqual(problems, [])
  await close()
})

test('a view is kept, many customers change hands at once and back, and the list is downloaded', async () => {
  const { page, problems, close } = await openAs(browser, city, '/accounts?tier=A2&owner=none')
  const view = `甲级${run}`
  await press(page, '视图')
  await page.getByRole('textbox', { name: '视图名称' }).fill(view)
  await press(page, '保存当前视图')
  await page.getByRole('button', { name: view, exact: true }).waitFor()
  assert.deepEqual(await violations(page), [])
  await page.keyboard.press('Escape')
  await visit(page, '/accounts')
  await press(page, '视图')
  await press(page, view)
  await page.waitForURL(/tier=A2/)
  const count = async () => (await json(page, '/api/accounts?limit=1&tier=A2&owner=none')).total
  const before = await count()
  assert.ok(before > 1)
  await settled(page)
  await page.getByRole('checkbox', { name: '选择此行' }).first().click()
  await press(page, '选择全部符合条件的')
  await press(page, '分配客户经理')
  await dialog(page)
    .getByRole('button', { name: /分配给/ })
    .click()
  await page.getByRole('option').nth(1).click()
  assert.deepEqual(await violations(page), [])
  await press(dialog(page), '分配客户经理')
  await page.getByText(/^已把 .* 个客户分配给/).waitFor()
  assert.equal(await count(), 0)
  await press(page, '撤销')
  await page.getByText(/恢复原归属/).waitFor()
  assert.equal(await count(), before)

  const download = page.waitForEvent('download')
  await press(page, '导出 Excel')
  assert.match((await download).suggestedFilename(), /\.xlsx$/)
  await visit(page, '/exports')
  await page.getByText('可下载').first().waitFor()
  assert.deepEqual(await violations(page), [])
  assert.deepEqual(problems, [])
  await close()
})

test('two records of one customer become one, and two again', async () => {
  const { page, problems, close } = await openAs(browser, city, '/duplicates')
  assert.deepEqual(await violations(page), [])
  const open = async () => (await json(page, '/api/duplicates?state=open&limit=1')).total
  const before = await open()
  await press(page, '合并')
  await dialog(page).getByText('保留', { exact: true }).first().waitFor()
  assert.deepEqual(await violations(page), [])
  await press(dialog(page), '合并')
  await page.getByText('已合并', { exact: true }).last().waitFor()
  await dialog(page).waitFor({ state: 'hidden' })
  assert.ok((await open()) < before)
  const merged = (await json(page, '/api/duplicates?state=merged&limit=1')).items[0]
  const read = async (id) => (await page.request.get(`${base}/api/accounts/${id}`)).json()
  const [one, other] = [await read(merged.one.id), await read(merged.other.id)]
  const keeper = one.merges?.length ? one : other
  await visit(page, `/accounts/${keeper.id}`)
  await press(page, '撤销合并')
  await page.getByText('已撤销合并').waitFor()
  assert.equal((await read(merged.other.id)).id, merged.other.id)
  assert.equal((await read(merged.one.id)).id, merged.one.id)
  assert.deepEqual(problems, [])
  await close()
})
