// A menu with rules: the author builds it, is told of a contradiction, takes it from a file; the seller is told of each
// broken rule while composing, with what mends it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, open, phone, violations } from './browser.mjs'
import { asking, demoLogins, openAs, settled, visit } from './roles.mjs'

const { password } = (await demoLogins())[0]
const shots = process.env.SHOTS
const run = Date.now().toString(36)
let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

const shoot = async (page, name) => shots && page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
const element = (name, required = false) => ({ name, unit: '个', billing: 'monthly', price_fen: 1000, required, max: 0 })

test('an author builds a menu and cannot save a contradiction', async () => {
  const { page, problems } = await openAs(browser, { email: 'author@p01.example', password }, '/solutions')
  const ask = asking(page)
  const solution = await ask('POST', '/api/solutions', {
    name: `菜单 ${run}`,
    summary: '按需组合的菜单',
    industry: 'logistics',
    category: 'industry',
    family: 'wuliutong',
  })
  await visit(page, `/versions/${solution.versions[0].id}`)
  const main = page.locator('main')

  // from a file: first what it says, then into the draft
  const content = { elements: [element('平台', true), element('短信'), element('语音'), element('报表')], menu: { groups: [], rules: [] } }
  const read = async (text) => {
    const chooser = page.waitForEvent('filechooser')
    await main.getByRole('button', { name: '从文件读入' }).click()
    await (await chooser).setFiles({ name: 'menu.json', mimeType: 'application/json', buffer: Buffer.from(text) })
  }
  await read('不是菜单')
  await page.getByText('文件读不出来', { exact: false }).first().waitFor()
  await read(JSON.stringify(content))
  const dialog = page.getByRole('alertdialog')
  await dialog.getByText('读到 4 个元素').waitFor()
  await dialog.getByRole('button', { name: '替换草稿内容' }).click()
  await dialog.waitFor({ state: 'hidden' })

  const rule = async (at, of, kind, others) => {
    await main.getByRole('button', { name: '添加规则' }).click()
    const menu = page.locator('#menu')
    await menu.getByRole('button', { name: /元素/ }).nth(at).click()
    await page.getByRole('option', { name: of, exact: true }).click()
    if (kind) {
      await menu.getByRole('button', { name: /规则/ }).nth(at).click()
      await page.getByRole('option', { name: kind, exact: true }).click()
    }
    for (const other of others)
      await menu.getByRole('group', { name: '与这些元素' }).nth(at).getByRole('button', { name: other, exact: true }).click()
  }
  await rule(0, '平台', undefined, ['短信'])
  await page.getByText('选了「平台」，就必须同时选「短信」。').waitFor()
  await rule(1, '短信', '不能同选', ['平台'])
  await main.getByRole('button', { name: '保存草稿' }).click()
  await page.locator('#menu').getByRole('alert').filter({ hasText: '这些规则互相矛盾' }).waitFor()
  await settled(page)
  await shoot(page, 'menu-contradiction')
  assert.deepEqual(await violations(page), [])
  await page.locator('#menu').getByRole('button', { name: '移除 短信' }).click()
  // rules follow a new name
  await main.getByRole('textbox', { name: '元素名称' }).nth(1).fill('短信包')
  await page.getByText('选了「平台」，就必须同时选「短信包」。').waitFor()
  await main.getByRole('button', { name: '保存草稿' }).click()
  await page.getByText('草稿已保存').waitFor()
  const saved = await ask('GET', `/api/versions/${solution.versions[0].id}`)
  assert.deepEqual(saved.menu.rules, [{ kind: 'requires', element: '平台', others: ['短信包'] }])
  assert.deepEqual(problems, [])
  const small = await openAs(browser, { email: 'author@p01.example', password }, `/versions/${solution.versions[0].id}`, phone)
  await settled(small.page)
  await shoot(small.page, 'menu-phone')
  assert.deepEqual(await violations(small.page), [])
})

test('a seller is told of broken rules while composing, with what mends them', async () => {
  const { page, problems } = await openAs(browser, { email: 'manager.4401@gd.example', password }, '/quotes')
  const ask = asking(page)
  const { items } = await ask('GET', '/api/marketplace?limit=50')
  let offer
  for (const one of items) {
    const detail = await ask('GET', `/api/marketplace/${one.id}`)
    if (detail.menu.rules.length) {
      offer = detail
      break
    }
  }
  assert.ok(offer, 'an offer with rules')
  const account = (await ask('GET', '/api/accounts?limit=1')).items[0]
  await visit(page, `/quotes/new?account=${account.id}&listing=${offer.id}`)
  const main = page.locator('main')
  const [rule] = offer.menu.rules
  await main.getByText(rule.element, { exact: true }).first().click()
  await main.getByText(`「${rule.element}」还需要「${rule.others[0]}」`).waitFor()
  await settled(page)
  await shoot(page, 'compose-broken')
  assert.deepEqual(await violations(page), [])
  await main.getByRole('button', { name: `加上${rule.others[0]}` }).click()
  await main.getByText(`「${rule.element}」还需要`, { exact: false }).waitFor({ state: 'hidden' })
  await main.getByRole('button', { name: '保存报价' }).click()
  await page.waitForURL(/\/quotes\/[0-9a-f-]{36}/)
  assert.deepEqual(problems, [])
})

test('a customer reads, asks about and accepts a quote without a login', async () => {
  const { page, problems } = await openAs(browser, { email: 'manager.4401@gd.example', password }, '/quotes')
  const ask = asking(page)
  const offer = await ask('GET', `/api/marketplace/${(await ask('GET', '/api/marketplace?limit=1')).items[0].id}`)
  const account = (await ask('GET', '/api/accounts?limit=1')).items[0]
  const lines = offer.elements.filter((one) => one.required).map((one) => ({ element_id: one.id, quantity: 1 }))
  const draft = { account_id: account.id, listing_id: offer.id, term_months: 12, valid_days: 30, lines }
  const quote = await ask('POST', '/api/quotes', draft)
  await ask('PUT', `/api/quotes/${quote.id}`, { ...draft, term_months: 24, version: quote.version })
  await visit(page, `/quotes/${quote.id}`)
  const main = page.locator('main')
  await main.getByText('合约期 12 → 24 个月').waitFor()
  await main.getByRole('button', { name: '生成链接' }).click()
  const link = new URL(await main.getByRole('textbox', { name: '链接', exact: true }).inputValue())
  await settled(page)
  await shoot(page, 'quote-shares')
  assert.deepEqual(await violations(page), [])

  const customer = await open(browser, link.pathname, phone)
  await customer.getByRole('heading', { name: account.name }).waitFor()
  await customer.getByRole('textbox', { name: '您的姓名' }).fill('何先生')
  await customer.getByRole('textbox', { name: '提问或说明' }).fill('包含培训吗？')
  await customer.getByRole('button', { name: '发送' }).click()
  await customer.getByText('包含培训吗？').first().waitFor()
  await customer.getByRole('button', { name: '接受报价' }).click()
  await customer.getByText('何先生 已接受这份报价').waitFor()
  await shoot(customer, 'shared-phone')
  assert.deepEqual(await violations(customer), [])
  const wide = await open(browser, link.pathname, { locale: 'en' })
  await wide.getByText('Offered by').waitFor()
  await shoot(wide, 'shared-en')

  await page.reload()
  await main.getByText('客户 何先生 已接受第 2 版').waitFor()
  await main.getByRole('textbox', { name: '答复客户' }).fill('包含两次')
  await main.getByRole('button', { name: '发送答复' }).click()
  await page.getByText('已答复，客户可在链接里看到').waitFor()
  await customer.reload()
  await customer.getByText('包含两次').waitFor()
  await main.getByRole('button', { name: '撤回' }).first().click()
  await page.getByText('链接已撤回').waitFor()
  await customer.reload()
  await customer.getByText('链接已失效').waitFor()
  assert.deepEqual(problems, [])
})

test('a discount past the limit says who is asked, and is approved level by level', async () => {
  const { page, problems } = await openAs(browser, { email: 'manager.4401@gd.example', password }, '/quotes')
  const ask = asking(page)
  const offer = (await ask('GET', '/api/marketplace?limit=1')).items[0]
  const account = (await ask('GET', '/api/accounts?limit=1')).items[0]
  await visit(page, `/quotes/new?account=${account.id}&listing=${offer.id}`)
  const main = page.locator('main')
  const discount = main.getByRole('textbox', { name: '优惠' })
  await discount.fill('30')
  await discount.press('Tab')
  await main.getByText('市公司渠道经理 → 省公司渠道经理').waitFor()
  await main.getByRole('button', { name: '保存报价' }).click()
  await page.waitForURL(/\/quotes\/[0-9a-f-]{36}/)
  await main.getByText('优惠 30%待审批').waitFor()
  assert.equal(await main.getByRole('button', { name: '下单' }).count(), 0)
  const path = new URL(page.url()).pathname
  for (const email of ['channel.4401@gd.example', 'channel@gd.example']) {
    const boss = await openAs(browser, { email, password }, '/quotes?mine=true', email.startsWith('channel.') ? phone : {})
    await boss.page.locator(`main a[href="${path}"]`).first().click()
    await boss.page.locator('main').getByRole('button', { name: '同意优惠' }).click()
    const dialog = boss.page.getByRole('alertdialog')
    await dialog.getByRole('button', { name: '同意优惠' }).click()
    await boss.page.getByText('已同意').first().waitFor()
    await settled(boss.page)
    await shoot(boss.page, `discount-${email.split('@')[0]}`)
    assert.deepEqual(await violations(boss.page), [])
    assert.deepEqual(boss.problems, [])
    await boss.close()
  }
  await page.reload()
  await main.getByText('优惠 30%已审批').waitFor()
  await main.getByRole('button', { name: '下单' }).waitFor()
  assert.deepEqual(problems, [])
})

test('a promotion is taken off and said line by line', async () => {
  const boss = await openAs(browser, { email: 'product.4401@gd.example', password }, '/promotions')
  const main = boss.page.locator('main')
  await main.getByRole('button', { name: '新建活动' }).click()
  const dialog = boss.page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: '活动名称' }).fill(`开门红 ${run}`)
  await settled(boss.page)
  assert.deepEqual(await violations(boss.page), [])
  await dialog.getByRole('button', { name: '开始活动' }).click()
  await main.getByText(`开门红 ${run}`).waitFor()
  await settled(boss.page)
  await shoot(boss.page, 'promotions')
  assert.deepEqual(await violations(boss.page), [])

  const { page, problems } = await openAs(browser, { email: 'manager.4401@gd.example', password }, '/quotes')
  const ask = asking(page)
  const offer = (await ask('GET', '/api/marketplace?limit=1')).items[0]
  const account = (await ask('GET', '/api/accounts?limit=1')).items[0]
  await visit(page, `/quotes/new?account=${account.id}&listing=${offer.id}`)
  await page.locator('main').getByText(`开门红 ${run}`).first().waitFor()
  await page.locator('main').getByRole('button', { name: '保存报价' }).click()
  await page.waitForURL(/\/quotes\/[0-9a-f-]{36}/)
  await page.locator('main').getByRole('heading', { name: '价格明细' }).waitFor()
  await page.locator('main').getByText('目录价合计').waitFor()
  assert.equal(await page.locator('main').getByText(`开门红 ${run}`).count(), 2, 'on its line and in the sum')
  await settled(page)
  await shoot(page, 'quote-promotion')
  assert.deepEqual(await violations(page), [])
  assert.deepEqual(problems, [])

  await main.getByRole('row').filter({ hasText: run }).getByRole('button', { name: '终止' }).click()
  await dialog.getByRole('textbox').fill('试过了')
  await dialog.getByRole('button', { name: '终止' }).click()
  await main.getByText('已终止').first().waitFor()
  assert.deepEqual(boss.problems, [])
})
