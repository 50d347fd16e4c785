// The seven steps from an unknown firm to a paid agent, each on the screens of whose step it is.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base, launch, open, phone } from './browser.mjs'
import { demoLogins, openAs, settled, visit } from './roles.mjs'

const logins = await demoLogins()
assert.ok(logins.length, `no demo logins at ${base}: start the portal with its demo province`)
const password = logins[0].password
const chosen = 'correct horse battery'

/** GB 32100: the eighteenth character follows from the others. */
function creditCode() {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
  const body = `91440106MA${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`
  let weight = 1
  let sum = 0
  for (const char of body) {
    sum += alphabet.indexOf(char) * weight
    weight = (weight * 3) % 31
  }
  return body + alphabet[(31 - (sum % 31)) % 31]
}

const run = Date.now().toString(36)
const rare = [...'麒麟鲲鹏貔貅饕餮鸾凰螭吻狻猊霁澜璟琛珩骁骐瑾瑜璇玑']
const word = rare[Math.floor(Math.random() * rare.length)] + rare[Math.floor(Math.random() * rare.length)]
const firm = { name: `粤海智能${run}有限公司`, code: creditCode(), admin: `chen@${run}.example`, author: `li@${run}.example` }
const solution = `${word}仓储通${run}`
const customer = { name: `天河${run}物流有限公司`, code: creditCode() }
const file = (name) => ({
  name: `${name}.pdf`,
  mimeType: 'application/pdf',
  buffer: Buffer.from(`%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF ${name} ${run}\n`),
})

let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

const problems = []
const pages = new Map()
/** Keeps a signed-in page, and what goes wrong on it. */
function keep(key, page) {
  page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`))
  page.on('response', (answer) => answer.status() >= 500 && problems.push(`${answer.status()} ${answer.url()}`))
  pages.set(key, page)
  return page
}
/** The page of one person, who stays signed in between steps. */
async function as(email, path, options) {
  const key = options ? `${email} on a phone` : email
  if (!pages.has(key)) {
    const one = await openAs(browser, { email, password }, path, options)
    return keep(key, one.page)
  }
  const page = pages.get(key)
  await visit(page, path)
  return page
}

const press = (where, name) => where.getByRole('button', { name, exact: true }).click()
const seen = (page, text) => page.locator('main').getByText(text, { exact: true }).first().waitFor()
const dialog = (page) => page.locator('[role=dialog],[role=alertdialog]').filter({ has: page.getByRole('heading') })
/** Presses a button that asks again, says why where it is asked, and agrees. */
async function decide(page, name, reason) {
  await press(page, name)
  const asked = dialog(page)
  if (reason) await asked.getByRole('textbox').fill(reason)
  await press(asked, name)
  await asked.waitFor({ state: 'hidden' })
}
async function choose(where, page, label, option) {
  await where.getByRole('button', { name: new RegExp(label) }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}
async function fill(where, values) {
  for (const [label, value] of Object.entries(values)) await where.getByRole('textbox', { name: label }).first().fill(value)
}
const idOf = (page) => new URL(page.url()).pathname.split('/').at(-1)

let failed = false
/** A step of the one flow: after a failure there is nothing to go on with. */
const step = (name, body) =>
  test(name, async (context) => {
    if (failed) return context.skip('an earlier step failed')
    failed = true
    await body(context)
    failed = false
  })

const ids = {}

step('1 an SI registers, is admitted and invites a colleague', async () => {
  const page = await open(browser, '/register')
  await fill(page, { 企业名称: firm.name, 统一社会信用代码: firm.code })
  await page.locator('label').filter({ hasText: '开发、集成并上架方案' }).click()
  await press(page, '下一步')
  await fill(page, { 联系人姓名: '陈晓琳', 联系电话: '13912345678', 联系邮箱: firm.admin })
  await press(page, '下一步')
  await fill(page, { 管理员姓名: '陈晓琳', 管理员邮箱: firm.admin, 登录密码: chosen })
  await press(page, '提交申请')
  await press(page, '进入门户')
  await settled(page)
  keep(firm.admin, page)

  await visit(page, '/partner')
  const wanted = page.locator('main li').filter({ has: page.getByRole('button', { name: /^上传/ }), hasNotText: '选填' })
  for (let left = await wanted.count(); left > 0; left = await wanted.count()) {
    await wanted.first().getByRole('button').click()
    const asked = dialog(page)
    await asked.locator('[role=spinbutton],input[type=file]').first().waitFor({ state: 'attached' })
    if (await asked.getByRole('spinbutton').count()) {
      await asked.getByRole('spinbutton').first().click()
      await page.keyboard.type(`${new Date().getFullYear() + 2}1231`)
    }
    await asked.locator('input[type=file]').setInputFiles(file('证照'))
    await asked.getByText('已上传', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await asked.waitFor({ state: 'hidden' })
    await wanted.nth(left - 1).waitFor({ state: 'detached' })
  }
  await press(page, '提交申请')
  await seen(page, '已申请')
  ids.firm = (await (await page.request.get(`${base}/api/partner`)).json()).id

  const channel = await as('channel@gd.example', `/partners/${ids.firm}`)
  await press(channel, '开始审核')
  await seen(channel, '轮到你：作出决定')
  await decide(channel, '通过入驻')
  await seen(channel, '合作中')

  await visit(page, '/members')
  await press(page, '邀请成员')
  await fill(dialog(page), { 邮箱: firm.author })
  await dialog(page).locator('label').filter({ hasText: '方案经理' }).click()
  await press(dialog(page), '生成邀请链接')
  const link = await page.getByRole('textbox', { name: '邀请链接' }).inputValue()
  await press(dialog(page), '完成')
  const guest = await open(browser, new URL(link).pathname)
  await fill(guest, { 姓名: '李志强', 设置密码: chosen })
  await press(guest, '接受并登录')
  await guest.waitForURL(`${base}/`)
  await settled(guest)
  keep(firm.author, guest)
})

step('2 the author fills a solution until nothing is missing, and submits it', async () => {
  const page = await as(firm.author, '/solutions')
  await page.getByRole('button', { name: '新建方案' }).first().click()
  const asked = dialog(page)
  await fill(asked, { 方案名称: solution, 一句话说明: '一次开通、统一账号，面向仓储企业' })
  for (const label of ['行业', '分类', '产品系列']) {
    await asked.getByRole('button', { name: new RegExp(label) }).click()
    await page.getByRole('option').first().click()
  }
  await press(asked, '新建方案')
  await page.waitForURL(/\/solutions\/[0-9a-f-]{36}/)
  await settled(page)
  await page.locator('main a[href^="/versions/"]').first().click()
  await page.waitForURL(/\/versions\//)
  ids.version = idOf(page)
  const missing = page.locator('aside li,section li').filter({ hasText: '还缺' })
  await missing.first().waitFor()
  assert.ok((await missing.count()) > 2, 'an empty draft says what it needs')
  await fill(page, {
    版本号: '1.0.0',
    方案说明: '为客户提供统一的开通、分级管理与按月对账能力，现网系统零改造接入。',
    更新说明: '首个版本',
  })
  await press(page, '添加元素')
  await fill(page, { 元素名称: '平台', 单位: '套', 目录价: '10000' })
  await press(page, '保存草稿')
  await page.getByText('草稿已保存').first().waitFor()
  for (const kind of ['安装包', '部署手册', '测试报告', '产品白皮书']) {
    if (kind !== '产品白皮书' && !(await missing.filter({ hasText: kind }).count())) continue
    await page.getByRole('radio', { name: kind }).click()
    await page.locator('#files input[type=file]').setInputFiles(file(kind))
    await page.getByTitle(`打开 ${kind}.pdf`).waitFor()
  }
  await missing.first().waitFor({ state: 'detached' })
  await press(page, '提交审核')
  await seen(page, '测试中')
  ids.case = (await page.getByRole('link', { name: '查看意见' }).getAttribute('href')).split('/').at(-1)
})

const good = {
  功能与手册一致: '100 %',
  安装与升级: '18 min',
  高危漏洞数: '0',
  'P95 时延': '120 ms',
  并发用户数: '620',
  '72 小时可用率': '99.95 %',
}

/** Records every check that is still open, but not those of the product manager. */
async function record(page, results = {}) {
  const waiting = page.locator('main #checks > div').filter({ hasNotText: '价格审查' }).getByRole('button', { name: /^记录/ })
  for (let left = await waiting.count(); left > 0; left--) {
    const name = (await waiting.first().textContent()).replace('记录', '').trim()
    await waiting.first().click()
    if (!results[name] && good[name]) await fill(page.locator('main'), { 实测: good[name] })
    if (results[name]) {
      await page.getByRole('radio', { name: results[name].result, exact: true }).click()
      await fill(page.locator('main'), { 实测: results[name].measured })
    }
    await press(page, '保存结果')
    await page.getByRole('button', { name: `修改 ${name}`, exact: true }).waitFor()
    await page.getByRole('button', { name: '保存结果' }).waitFor({ state: 'detached' })
  }
}

step('3 it is tested twice, approved by keyboard and publicly certified', async () => {
  const tester = await as('test@gd.example', `/certifications/${ids.case}`)
  await press(tester, '领取测试')
  await tester.getByRole('button', { name: /^记录/ }).first().waitFor()
  await record(tester, { 'P95 时延': { result: '未达标', measured: '480 ms' } })
  await press(tester, '提出问题')
  await fill(dialog(tester), { 问题描述: 'P95 时延 480 ms，超过 200 ms。' })
  await press(dialog(tester), '提出问题')
  await dialog(tester).waitFor({ state: 'hidden' })
  await decide(tester, '要求修改', '请优化后重新提交。')
  await seen(tester, '待修改')

  const author = await as(firm.author, `/certifications/${ids.case}`)
  await fill(author, { 你的回复: '已加缓存，P95 为 120 ms。' })
  await press(author, '发送回复')
  await seen(author, '已回复')
  await visit(author, `/versions/${ids.version}`)
  await press(author, '开始修改')
  await fill(author, { 更新说明: '首个版本，已加缓存' })
  await press(author, '保存草稿')
  await press(author, '提交审核')
  await seen(author, '测试中')

  await visit(tester, `/certifications/${ids.case}`)
  await record(tester)
  assert.equal(await tester.locator('#checks').getByText('未达标', { exact: true }).filter({ visible: true }).count(), 0)
  await press(tester, '确认解决')
  await seen(tester, '已关闭')
  await decide(tester, '完成测试')
  await seen(tester, '审批中')

  const product = await as('product@gd.example', '/reviews')
  const current = product.locator('[id^=review-] button[aria-current]')
  for (let n = await product.locator('[id^=review-]').count(); n > 0 && !(await current.textContent()).includes(solution); n--) {
    const was = await current.textContent()
    await product.keyboard.press('j')
    await product.waitForFunction((text) => document.querySelector('[id^=review-] button[aria-current]')?.textContent !== text, was)
  }
  await product.getByRole('heading', { name: solution }).waitFor()
  await product.locator('[name=opinion]').waitFor()
  // sent when the six seconds of undoing are over
  const sent = product.waitForResponse((answer) => answer.url().endsWith(`/certifications/${ids.case}/approve`), { timeout: 15_000 })
  await product.keyboard.press('Shift+A')
  assert.equal((await sent).status(), 200)
  await visit(product, `/certifications/${ids.case}`)
  const certificate = await product.getByRole('link', { name: '打开核验页' }).getAttribute('href')
  const anybody = await open(browser, certificate)
  await anybody.getByText('证书有效', { exact: true }).waitFor()
  await anybody.getByText(`${solution} 1.0.0`).waitFor()
})

step('4 the city lists it: found in Guangzhou, unknown in Shenzhen', async () => {
  const city = await as('product.4401@gd.example', '/listings')
  await press(city, '上架方案')
  await dialog(city).getByRole('combobox', { name: '已认证的版本' }).fill(solution)
  await city.getByRole('option', { name: solution }).click()
  await press(dialog(city), '建立上架')
  await city.waitForURL(/\/listings\/[0-9a-f-]{36}/)
  await press(city, '提交审批')
  await seen(city, '待审批')
  await decide(city, '批准上架')
  await seen(city, '在售')
  ids.offer = idOf(city)

  const guangzhou = await as('manager.4401@gd.example', '/market')
  await guangzhou.locator('main').getByRole('searchbox').fill(word)
  await guangzhou.waitForURL((url) => url.searchParams.get('q') === word)
  await guangzhou.locator('main li').getByRole('link', { name: solution }).click()
  await guangzhou.waitForURL(/\/market\//)
  assert.equal(idOf(guangzhou), ids.offer)
  const shenzhen = await as('product.4403@gd.example', '/market')
  await shenzhen.locator('main').getByRole('searchbox').fill(word)
  await shenzhen.getByText('没有符合条件的方案').waitFor()
  await shenzhen.goto(`${base}/market/${ids.offer}`)
  await shenzhen.getByText('没有找到，或者你看不到它。').waitFor()
})

step('5 an agent registers the deal on a phone, the city protects it', async () => {
  const agent = await as('agent@p03.example', '/deals/new', phone)
  await fill(agent, { 客户统一社会信用代码: customer.code })
  await agent.getByText('可以报备', { exact: true }).waitFor()
  const main = agent.locator('main')
  await fill(main, { 客户名称: customer.name })
  await choose(main, agent, '所在城市', /^广州/)
  await choose(main, agent, '所在区县', /^天河/)
  await main.getByRole('combobox', { name: '推荐的方案' }).fill(solution)
  await agent.getByRole('option', { name: solution }).click()
  await fill(main, { 预计金额: '50000', 客户联系人: '何建国', 联系电话: '13600001111', 客户需求与进展: '仓库扫码，老板拍板' })
  await press(agent, '提交报备')
  await agent.waitForURL(/\/deals\/[0-9a-f-]{36}/)
  await seen(agent, '已报备')
  ids.deal = idOf(agent)

  const channel = await as('channel.4401@gd.example', `/deals/${ids.deal}`)
  await decide(channel, '通过并保护')
  await seen(channel, '保护中')
  await visit(agent, `/deals/${ids.deal}`)
  await agent.getByRole('link', { name: '查看客户' }).click()
  await agent.waitForURL(/\/accounts\//)
  await agent.getByRole('heading', { level: 1, name: customer.name }).waitFor()
})

step('6 quote, order, delivery and acceptance', async () => {
  const agent = await as('agent@p03.example', `/deals/${ids.deal}`)
  await agent.getByRole('link', { name: '去报价' }).click()
  await press(agent, '保存报价')
  await agent.waitForURL(/\/quotes\/[0-9a-f-]{36}/)
  await decide(agent, '下单')
  await agent.waitForURL(/\/orders\/[0-9a-f-]{36}/)
  await seen(agent, '待受理')
  ids.order = idOf(agent)

  const manager = await as('manager.4401@gd.example', `/orders/${ids.order}`)
  await decide(manager, '受理订单')
  await seen(manager, '已受理')

  const support = await as(firm.admin, '/deliveries')
  await support.getByRole('link', { name: customer.name }).click()
  await press(support, '开始交付')
  await seen(support, '交付中')
  await decide(support, '完成交付', '已开通并培训')
  await seen(support, '待验收')

  await visit(manager, `/orders/${ids.order}`)
  await press(manager, '登记验收')
  await fill(dialog(manager), { 客户签收人: '何建国' })
  await dialog(manager).locator('input[type=file]').setInputFiles(file('验收单'))
  await dialog(manager).getByText('已上传', { exact: true }).waitFor()
  await press(dialog(manager), '登记验收')
  await dialog(manager).waitFor({ state: 'hidden' })
  await seen(manager, '服务中')
  await visit(agent, `/orders/${ids.order}`)
  await seen(agent, '服务中')
})

step('7 the commission stands within a minute; the waiting statement is confirmed', async (context) => {
  const agent = await as('agent@p03.example', `/commission?q=${encodeURIComponent(customer.name)}`)
  const line = agent.locator('main a[href^="/commission/lines/"]').filter({ hasText: customer.name })
  for (const until = Date.now() + 60_000; !(await line.count()); await agent.reload().then(() => settled(agent)))
    assert.ok(Date.now() < until, 'no commission line within a minute')
  await line.first().click()
  await agent.getByRole('heading', { level: 1, name: customer.name }).waitFor()
  await agent.getByRole('heading', { name: '怎么算出来的' }).waitFor()
  assert.match(await agent.locator('main ol').last().textContent(), /业务事件.*规则.*你的酬金¥[1-9]/)

  await visit(agent, '/statements')
  const lastMonth = new Date(new Date().getFullYear(), new Date().getMonth() - 1, 15).toISOString().slice(0, 7)
  const row = agent.getByRole('row').filter({ has: agent.getByRole('cell', { name: lastMonth, exact: true }) })
  await row.getByRole('link').first().click()
  await agent.waitForURL(/\/statements\/[0-9a-f-]{36}/)
  await settled(agent)
  if (await agent.getByText('待确认', { exact: true }).count()) await decide(agent, '核对并确认')
  else context.diagnostic('an earlier run confirmed the statement of last month')
  await seen(agent, '已确认')
  const [sheet] = await Promise.all([agent.waitForEvent('download'), agent.getByRole('link', { name: '下载 XLSX' }).click()])
  assert.match(sheet.suggestedFilename(), /\.xlsx$/)
  assert.equal(await sheet.failure(), null)
  for (const page of pages.values()) await page.context().close()
  assert.deepEqual(problems, [])
})
