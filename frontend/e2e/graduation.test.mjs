// A city's product on its way to the whole province, and what another city answers on a phone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base, launch, phone, violations } from './browser.mjs'
import { demoLogins, errorStates, openAs, settled, visit } from './roles.mjs'

const logins = await demoLogins()
assert.ok(logins.length, `no demo logins at ${base}: start the portal with its demo province`)
const password = logins[0].password

let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

const at = (email, options) => openAs(browser, { email, password }, '/', options)
const press = (page, name) => page.getByRole('button', { name, exact: true }).first().click()
const seen = (page, text) => page.locator('main').getByText(text, { exact: true }).first().waitFor()
const dialog = (page) => page.locator('[role=dialog],[role=alertdialog]').filter({ has: page.getByRole('heading') })
const ask = async (page, path) => (await page.request.get(base + path)).json()
const write = async (page, path, data) => {
  const answer = await page.request.post(base + path, {
    data,
    headers: { 'X-Portal': '1', 'Idempotency-Key': crypto.randomUUID(), Origin: base },
  })
  return { status: answer.status(), body: await answer.json() }
}

const ahead = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** A certified solution that nobody nominated, taken off sale elsewhere and put on sale in one city. */
async function listed(province, city, code) {
  const { items } = await ask(province, '/api/solutions?state=certified&limit=100')
  for (const one of items) {
    if ((await ask(province, `/api/graduations?solution=${one.id}`)).items.length) continue
    const { listings } = await ask(province, `/api/solutions/${one.id}`)
    if (listings.some((listing) => !['live', 'retired'].includes(listing.state))) continue
    for (const listing of listings.filter((other) => other.state === 'live'))
      await write(province, `/api/listings/${listing.id}/retire`, { reason: '换城市试点', support_until: ahead(90) })
    const made = await write(city, '/api/listings', { version_id: one.latest_version_id, scope: code })
    if (made.status !== 200) continue
    await write(city, `/api/listings/${made.body.id}/submit`, {})
    const live = await write(city, `/api/listings/${made.body.id}/approve`, {})
    assert.equal(live.body.state, 'live')
    return { id: made.body.id, name: one.name }
  }
  throw new Error('the demo has no certified solution left')
}

test('a product is nominated, piloted, returned with what to improve', async () => {
  const city = await at('product.4401@gd.example')
  const province = await at('product@gd.example')
  const { id, name } = await listed(province.page, city.page, '4401')
  await visit(city.page, `/listings/${id}`)
  await press(city.page, '提名升级')
  await dialog(city.page).getByRole('textbox').fill('本市运行稳定，周边地市多次咨询。')
  await dialog(city.page).getByRole('button', { name: '提名', exact: true }).click()
  await seen(city.page, '等省产品经理决定是否开始试点')
  const path = new URL(city.page.url()).pathname
  assert.deepEqual(await violations(city.page), [])

  await visit(province.page, '/graduations')
  await province.page.getByRole('link', { name: new RegExp(name) }).click()
  await settled(province.page)
  await press(province.page, '开始征集试点')
  await dialog(province.page).getByRole('button', { name: '开始征集试点', exact: true }).click()
  await seen(province.page, '正在征集试点，各市可报名并自定目标')

  // another city volunteers on a phone
  const pilot = await at('product.4403@gd.example', phone)
  await visit(pilot.page, path)
  await press(pilot.page, '报名试点')
  await dialog(pilot.page).getByRole('textbox', { name: '目标新增客户' }).fill('5')
  await dialog(pilot.page).getByRole('textbox', { name: '目标收入' }).fill('20000')
  await dialog(pilot.page).getByRole('button', { name: '报名试点', exact: true }).click()
  await seen(pilot.page, '深圳市公司')
  assert.deepEqual(await violations(pilot.page), [])

  await visit(province.page, path)
  await press(province.page, '开始评估')
  await dialog(province.page).getByRole('button', { name: '开始评估', exact: true }).click()
  await seen(province.page, '正在评估，征求各市意见')
  await visit(pilot.page, path)
  await pilot.page.locator('label').filter({ hasText: '有顾虑' }).click()
  await pilot.page.getByRole('textbox', { name: '意见' }).fill('本市专线覆盖不足。')
  await press(pilot.page, '提交意见')
  await seen(pilot.page, '本市专线覆盖不足。')

  await visit(province.page, path)
  await press(province.page, '退回改进')
  await dialog(province.page).getByRole('textbox', { name: '退回原因' }).fill('试点数据不足')
  await dialog(province.page).getByRole('textbox', { name: '要改进的事项' }).fill('补充专线方案\n把安装时间压到 30 分钟')
  await dialog(province.page).getByRole('button', { name: '退回改进', exact: true }).click()
  await seen(province.page, '退回，请按以下事项改进')
  await visit(city.page, path)
  await seen(city.page, '把安装时间压到 30 分钟')
  for (const one of [city, province, pilot]) {
    assert.deepEqual(one.problems, [])
    await one.close()
  }
})

test('a city answers its task on a phone, and the reason counts', async () => {
  const city = await at('product.4401@gd.example', phone)
  await visit(city.page, '/rollouts?state=open')
  const link = await city.page.locator('main a[href^="/graduations/"]').first().getAttribute('href')
  await press(city.page, '不采用')
  const asked = dialog(city.page)
  await asked.getByRole('button', { name: /原因类别/ }).click()
  await city.page.locator('[role=option]').filter({ hasText: '价格' }).click()
  await asked.getByRole('textbox').fill('起步价高于本市客户预算')
  await asked.getByRole('button', { name: '不采用', exact: true }).click()
  await asked.waitFor({ state: 'hidden' })
  await visit(city.page, '/rollouts?state=declined')
  await city.page.locator('main').getByText('起步价高于本市客户预算').first().waitFor()
  assert.deepEqual(await violations(city.page), [])
  const other = await at('product.4406@gd.example')
  await visit(other.page, link)
  await other.page.getByRole('heading', { name: '各市答复', level: 2 }).waitFor()
  await other.page.locator('main').getByText('价格', { exact: true }).first().waitFor()
  assert.equal(await other.page.getByText('起步价高于本市客户预算').count(), 0)
  await other.close()
  await city.close()
})

test('thresholds are checked by a second person; the map is placed by hand', async () => {
  const second = await at('product2@gd.example')
  await visit(second.page, '/thresholds')
  await press(second.page, '发布门槛')
  await dialog(second.page).getByRole('button', { name: '发布门槛', exact: true }).click()
  await dialog(second.page).waitFor({ state: 'hidden' })
  await second.page.getByRole('button', { name: '发布门槛', exact: true }).waitFor({ state: 'hidden' })
  assert.deepEqual(await violations(second.page), [])
  await visit(second.page, '/product-map')
  await second.page.locator('svg[role=img]').waitFor()
  assert.deepEqual(await violations(second.page), [])
  await press(second.page, '看表格')
  await press(second.page, '调整位置')
  await dialog(second.page).getByLabel('象限').selectOption('core')
  await dialog(second.page).getByRole('textbox').fill('省里重点产品')
  await press(dialog(second.page), '保存调整')
  await second.page
    .locator('main')
    .getByText(/省里重点产品/)
    .first()
    .waitFor()
  assert.deepEqual(second.problems, [])
  await second.close()
})

test('every page of it stands in English, in the dark and on a phone', async () => {
  for (const [email, options] of [
    ['product@gd.example', { locale: 'en' }],
    ['product@gd.example', { colorScheme: 'dark' }],
    ['product.4401@gd.example', phone],
    ['author@p01.example', {}],
  ]) {
    const one = await at(email, options)
    const { items } = await ask(one.page, '/api/graduations?limit=20')
    const paths = ['/graduations', '/graduations?view=list', ...items.map((row) => `/graduations/${row.id}`)]
    if (email.startsWith('product@')) paths.push('/rollouts', '/thresholds', '/product-map', '/product-map?view=growth')
    for (const path of paths) {
      await visit(one.page, path)
      assert.deepEqual(await errorStates(one.page), [], path)
      assert.deepEqual(await violations(one.page), [], `${email} ${path}`)
      assert.ok(
        await one.page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
        `${email} ${path} is wider than the screen`,
      )
    }
    assert.deepEqual(one.problems, [])
    await one.close()
  }
})
