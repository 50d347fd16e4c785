// Who sees what, and how that is given, taken back, explained and written down.
// Needs the server with its demo province: ECOPORT_URL, else 127.0.0.1:8080.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base, launch, violations } from './browser.mjs'
import { demoLogins, openAs, settled, visit } from './roles.mjs'

let browser
let logins
before(async () => {
  browser = await launch()
  logins = await demoLogins()
})
after(() => browser.close())

const by = (role, city) => logins.find((one) => one.role === role && (!city || one.email.includes(city)))
const press = (where, name) => where.getByRole('button', { name, exact: true }).first().click()
const dialog = (page) => page.locator('[role=dialog],[role=alertdialog]').filter({ has: page.getByRole('heading') })
const json = async (page, path) => (await page.request.get(base + path)).json()
const run = Date.now().toString(36)

/** The customers of a city the page's person sees; none of them has a partner yet. */
async function lonely(page) {
  for (const one of (await json(page, '/api/accounts?limit=50&existing=no')).items)
    if (!(await json(page, `/api/accounts/${one.id}/grants`)).items.length) return one
}

test('a city lets a partner see a customer, explains it, and takes it back', async () => {
  const city = await openAs(browser, by('city_channel_manager', '4401'), '/accounts')
  const partner = await openAs(browser, by('agent'))
  const account = await lonely(city.page)
  const firm = (await json(partner.page, '/api/me')).membership.tenant_name
  const status = async () => (await partner.page.request.get(`${base}/api/accounts/${account.id}`)).status()
  assert.equal(await status(), 404)

  await visit(city.page, `/accounts/${account.id}`)
  await press(city.page, '查一个人')
  const asked = dialog(city.page)
  await asked.getByRole('textbox').fill(by('account_manager', '4401').email)
  await press(asked, '查看依据')
  await asked.getByRole('region').first().waitFor()
  await asked.getByRole('textbox').fill(by('test_engineer').email)
  await press(asked, '查看依据')
  await asked.getByText('看不到', { exact: true }).waitFor()
  await asked.getByText(/角色里没有「客户 · 查看本人和未分配的」权限/).waitFor()
  // a firm without a grant: each way that is missing, and who could open one
  await asked.getByRole('textbox').fill(by('agent').email)
  await press(asked, '查看依据')
  await asked.getByText(/没有处于保护期内的商机/).waitFor()
  for (const way of [/没有进行中的交付/, /没有使用中的业务/, /没有市公司的专项授权：可请.+授权/]) await asked.getByText(way).waitFor()
  assert.deepEqual(await violations(city.page), [])
  await press(asked, '关闭')

  await city.page
    .locator('label', { hasText: '伙伴授权' })
    .or(city.page.getByRole('radio', { name: '伙伴授权' }))
    .first()
    .click()
  await press(city.page.locator('main'), '授权给伙伴')
  const given = dialog(city.page)
  await given.getByRole('combobox').first().fill(firm)
  await city.page.getByRole('option').filter({ hasText: firm }).click()
  await given.getByRole('textbox', { name: '事由' }).fill('联合拜访，请先熟悉情况')
  assert.deepEqual(await violations(city.page), [])
  await press(given, '授权查看')
  await given.waitFor({ state: 'hidden' })
  await visit(partner.page, `/accounts/${account.id}`)
  await partner.page.getByRole('heading', { name: account.name }).waitFor()
  await partner.page.getByText('专项授权').first().waitFor()

  await press(city.page.locator('main'), `收回 ${firm}`)
  await dialog(city.page).getByRole('textbox').fill('拜访已结束')
  await press(dialog(city.page), '收回')
  await dialog(city.page).waitFor({ state: 'hidden' })
  assert.equal(await status(), 404)
  assert.deepEqual([...city.problems, ...partner.problems], [])
  await city.close()
  await partner.close()
})

test('masked contact details are shown for a reason, and the audit keeps it', async () => {
  const reason = `回访核对 ${run}`
  const { page, problems, close } = await openAs(browser, by('channel_manager'), '/accounts')
  const account = (await json(page, '/api/accounts?limit=1')).items[0]
  await visit(page, `/accounts/${account.id}`)
  await press(page, '显示联系方式')
  await press(dialog(page), '显示联系方式')
  await dialog(page).getByRole('textbox').fill(reason)
  assert.deepEqual(await violations(page), [])
  await press(dialog(page), '显示联系方式')
  await dialog(page).waitFor({ state: 'hidden' })
  await page.locator('main').getByText('已脱敏').first().waitFor({ state: 'detached' })
  await close()
  const admin = await openAs(browser, by('province_admin'), `/audit?q=${encodeURIComponent(reason)}`)
  await admin.page.getByText('查看了完整联系方式').first().waitFor()
  await admin.page.locator('main').getByText(account.name).first().waitFor()
  assert.deepEqual([...problems, ...admin.problems], [])
  await admin.close()
})

test('an admin composes a role, gives it, and reviews who holds what', async () => {
  const role = `观察员${run}`
  const { page, problems, close } = await openAs(browser, by('city_admin', '4401'), '/members?view=roles')
  await press(page, '新建角色')
  await dialog(page).getByRole('textbox').fill(role)
  await dialog(page).getByRole('group', { name: '审计' }).locator('label').filter({ hasText: '查看' }).click()
  assert.deepEqual(await violations(page), [])
  await press(dialog(page), '保存角色')
  await page.locator('main td').filter({ hasText: role }).first().waitFor()

  // somebody of nobody's demo login, so that removing them hurts no other journey
  const headers = () => ({ 'X-Portal': '1', 'Idempotency-Key': crypto.randomUUID() })
  const email = `walls-${run}@gd.example`
  const invited = await page.request.post(`${base}/api/invitations`, { data: { email, roles: ['account_manager'] }, headers: headers() })
  const { link } = await invited.json()
  const guest = await browser.newContext()
  const joined = await guest.request.post(`${base}/api/invitations/accept`, {
    data: { token: link.split('/').at(-1), name: `莫${run}`, password: 'a long enough password' },
    headers: { 'X-Portal': '1' },
  })
  assert.ok(joined.ok(), await joined.text())
  await guest.close()
  await visit(page, '/members')
  await press(page, `修改角色 莫${run}`)
  await dialog(page).locator('label').filter({ hasText: role }).click()
  await press(dialog(page), '保存角色')
  await page.locator('main tr').filter({ hasText: email }).getByText(role).first().waitFor()

  await visit(page, '/members?view=review')
  // another run may have begun this quarter's
  const begin = page.getByRole('button', { name: '现在开始复核' })
  await begin
    .or(page.getByRole('region', { name: '权限复核' }))
    .first()
    .waitFor()
  if (await begin.count()) await begin.click()
  await page.getByText('待确认').first().waitFor()
  assert.deepEqual(await violations(page), [])
  const row = (text) => page.locator('main tr').filter({ hasText: text })
  await row(by('industry_manager', '4401').email).locator('label').first().click()
  await press(page, '确认 1 条')
  await row(by('industry_manager', '4401').email).getByText('已确认').waitFor()
  await row(email).locator('label').first().click()
  await press(page, '移除所选')
  await row(email).getByText('已移除').waitFor()
  await visit(page, '/members')
  assert.equal(await page.getByText(email).count(), 0)
  assert.deepEqual(problems, [])
  await close()
})

test('a colleague stands in, in their own name and beside the other one', async () => {
  const away = await openAs(browser, by('account_manager', '4401'), '/delegations')
  const name = by('account_manager', '4401').name
  const other = by('industry_manager', '4401').name
  await press(away.page, '安排代理')
  await dialog(away.page)
    .getByRole('button', { name: /受托人/ })
    .click()
  await away.page.getByRole('option').filter({ hasText: other }).click()
  assert.deepEqual(await violations(away.page), [])
  await press(dialog(away.page), '开始代理')
  await away.page.locator('main').getByText('代理中').first().waitFor()

  const { page, problems, close } = await openAs(browser, by('industry_manager', '4401'))
  const bar = page.getByRole('status').filter({ has: page.getByRole('button') })
  await bar.getByText(`${name}外出期间的工作由你代理`).waitFor()
  await press(page, '去处理')
  await bar.getByText(`正在代理${name}的工作`).waitFor()
  await settled(page)
  assert.deepEqual(await violations(page), [])
  // as the account manager: somebody new at a customer
  const account = (await json(page, '/api/accounts?limit=1&owner=me')).items[0]
  await visit(page, `/accounts/${account.id}`)
  await press(page, '添加联系人')
  await dialog(page).getByRole('textbox', { name: '姓名' }).fill(`吴${run}`)
  await dialog(page)
    .getByRole('button', { name: /保存|添加/ })
    .last()
    .click()
  await page.locator('main').getByText(`吴${run}`).waitFor()
  await press(page, '回到自己的身份')
  await bar.getByText(`${name}外出期间的工作由你代理`).waitFor()

  const admin = await openAs(browser, by('city_admin', '4401'), `/audit?resource=account&person=${encodeURIComponent(other)}`)
  const line = admin.page.locator('main tr,main [role=row]').filter({ hasText: '维护了联系人' }).first()
  assert.match(await line.textContent(), new RegExp(`${other}[\\s\\S]*代${name}`))

  await press(away.page, `提前结束 ${name}`)
  await press(dialog(away.page), '提前结束')
  await away.page.locator('main').getByText('已结束').first().waitFor()
  assert.equal((await json(page, '/api/me')).memberships.filter((one) => one.on_behalf).length, 0)
  assert.deepEqual([...problems, ...away.problems, ...admin.problems], [])
  await Promise.all([close(), away.close(), admin.close()])
})
