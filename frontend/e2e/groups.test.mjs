// Buying together, and quoting somebody who is not registered: the product manager opens a group purchase, a seller takes
// part with a quote, and gets the choice when the step is missed; a prospect is quoted first and becomes a customer later.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, phone, violations } from './browser.mjs'
import { asking, demoLogins, openAs, settled, visit } from './roles.mjs'

const { password } = (await demoLogins())[0]
const shots = process.env.SHOTS
const run = Date.now().toString(36)
let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

const shoot = async (page, name) => {
  await settled(page)
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  assert.deepEqual(await violations(page), [], name)
}

test('a group purchase is opened, joined and closed below the step', async () => {
  const boss = await openAs(browser, { email: 'product@gd.example', password }, '/group-purchases')
  const main = boss.page.locator('main')
  await main.getByRole('button', { name: '发起团购' }).first().click()
  const dialog = boss.page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: '团购名称' }).fill(`岁末团购 ${run}`)
  await settled(boss.page)
  await dialog.getByRole('combobox', { name: '选择方案' }).click()
  await boss.page.getByRole('option').first().click()
  await shoot(boss.page, 'group-open')
  await dialog.getByRole('button', { name: '发起', exact: true }).click()
  const card = main.locator('li').filter({ hasText: `岁末团购 ${run}` })
  await card.getByText('进行中').waitFor()
  await shoot(boss.page, 'groups')

  const seller = await openAs(browser, { email: 'manager.4401@gd.example', password }, '/group-purchases', phone)
  const group = (await asking(boss.page)('GET', '/api/group-purchases')).items.find((one) => one.name.endsWith(run))
  await shoot(seller.page, 'groups-phone')
  const ask = asking(seller.page)
  const account = (await ask('GET', '/api/accounts?limit=1')).items[0]
  await visit(seller.page, `/quotes/new?account=${account.id}&listing=${group.listing_id}`)
  const page = seller.page.locator('main')
  await page.getByRole('button', { name: '保存报价' }).click()
  await page.getByText(`可参加团购：岁末团购 ${run}`).waitFor()
  await page.getByRole('button', { name: '参加团购' }).click()
  const join = seller.page.getByRole('dialog')
  await join.getByRole('combobox', { name: '客户至少要达到' }).selectOption({ index: 1 })
  await shoot(seller.page, 'group-join-phone')
  await join.getByRole('button', { name: '参加团购' }).click()
  await page.getByText(`正在团购：岁末团购 ${run}`).waitFor()
  await shoot(seller.page, 'group-in-phone')

  await boss.page.reload()
  await card.getByText('1 位客户').waitFor()
  await card.getByRole('button', { name: '现在截止' }).click()
  await boss.page.getByRole('alertdialog').getByRole('button', { name: '现在截止' }).click()
  await card.getByText('没有达到任何一档').waitFor()
  await seller.page.reload()
  await page.getByText('没有达到期望的档位').first().waitFor()
  await shoot(seller.page, 'group-choice-phone')
  await page.getByRole('button', { name: '不参加' }).click()
  await page.getByRole('button', { name: '下单' }).waitFor()
  assert.deepEqual(boss.problems, [])
  assert.deepEqual(seller.problems, [])
})

test('an agent quotes a prospect before there is a deal', async () => {
  const { page, problems } = await openAs(browser, { email: 'agent@p03.example', password }, '/quotes/new')
  const main = page.locator('main')
  await main.getByRole('textbox', { name: '潜在客户名称' }).fill(`新客户 ${run}`)
  await main.getByRole('combobox', { name: '客户所在城市' }).selectOption({ index: 1 })
  await main.getByRole('combobox', { name: '选择方案' }).click()
  await page.getByRole('option').first().click()
  await main.getByRole('button', { name: '保存报价' }).waitFor()
  await shoot(page, 'prospect-compose')
  await main.getByRole('button', { name: '保存报价' }).click()
  await main.getByText('潜在客户的报价').waitFor()
  await main.getByRole('button', { name: '选定客户' }).click()
  await page.getByRole('dialog').getByText('还没有商机？先去报备').waitFor()
  await shoot(page, 'prospect-choose')
  assert.deepEqual(problems, [])
})

test('a firm says how many orders it delivers at once', async () => {
  const { page, problems } = await openAs(browser, { email: 'support@p01.example', password }, '/deliveries')
  const main = page.locator('main')
  await main.getByText('不限').waitFor()
  await main.getByRole('button', { name: /设置/ }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('不限', { exact: true }).click()
  await dialog.getByRole('textbox', { name: '同时最多接几单' }).fill('40')
  await shoot(page, 'capacity')
  await dialog.getByRole('button', { name: '保存' }).click()
  await main.getByText('最多 40 单').waitFor()
  await asking(page)('PUT', '/api/delivery-capacity', {})
  assert.deepEqual(problems, [])
})

test('a bundle of two firms is made, quoted once and ordered together', async () => {
  const boss = await openAs(browser, { email: 'product@gd.example', password }, '/bundles')
  const main = boss.page.locator('main')
  await main.getByRole('button', { name: '新建套餐' }).click()
  const dialog = boss.page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: '套餐名称' }).fill(`入门套餐 ${run}`)
  for (const nth of [0, 3]) {
    const picker = dialog.getByRole('combobox', { name: '选择方案' })
    await picker.click()
    await boss.page.getByRole('option').first().waitFor()
    for (let at = 0; at <= nth; at++) await picker.press('ArrowDown')
    await picker.press('Enter')
    await dialog
      .getByRole('group')
      .nth(nth ? 1 : 0)
      .waitFor()
  }
  await shoot(boss.page, 'bundle-make')
  await dialog.getByRole('button', { name: '上架' }).click()
  await main.getByText(`入门套餐 ${run}`).waitFor()
  await shoot(boss.page, 'bundles')
  assert.deepEqual(boss.problems, [])

  const { page, problems } = await openAs(browser, { email: 'manager.4401@gd.example', password }, '/bundles', phone)
  const card = page
    .locator('main li')
    .filter({ hasText: `入门套餐 ${run}` })
    .first()
  await card.getByRole('button', { name: '报价' }).click()
  const sheet = page.getByRole('dialog')
  await settled(page) // the sheet stands: its list opens beside it
  const customer = sheet.getByRole('combobox', { name: '选择客户' })
  await customer.click()
  await page.getByRole('option').first().waitFor()
  await customer.press('ArrowDown')
  await customer.press('Enter')
  await shoot(page, 'bundle-quote-phone')
  await sheet.getByRole('button', { name: '生成报价' }).click()
  await page.locator('main').getByText(`套餐「入门套餐 ${run}」的报价`).waitFor()
  await shoot(page, 'bundle-in-quote-phone')
  await page.locator('main').getByRole('button', { name: '下单' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: '下单' }).click()
  await page.waitForURL(/\/orders\//)
  assert.deepEqual(problems, [])
})
