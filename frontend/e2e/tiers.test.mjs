// A firm sees what it lacks for the next tier and how much it may have open; the province decides moves and looks at
// a formula on trial.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, phone as small, violations } from './browser.mjs'
import { demoLogins, openAs, settled } from './roles.mjs'

const { password } = (await demoLogins())[0]
const shots = process.env.SHOTS
let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

const seen = (page, text) => page.locator('main').getByText(text).first().waitFor()
const shoot = async (page, name) => shots && page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })

test('what is missing, what may be open, and who decides', async () => {
  for (const phone of [false, true]) {
    const firm = await openAs(browser, { email: 'admin@p01.example', password }, '/partner', phone ? small : {})
    await seen(firm.page, '合作等级与差距')
    await seen(firm.page, '可同时开展的业务')
    await settled(firm.page)
    await shoot(firm.page, phone ? 'standing-phone' : 'standing')
    assert.deepEqual(await violations(firm.page), [])
    assert.deepEqual(firm.problems, [])
    await firm.close()
  }
  const second = await openAs(browser, { email: 'channel2@gd.example', password }, '/tiers')
  const { page } = second
  await seen(page, '待决定的等级调整')
  await page.getByRole('region', { name: '与现行结果对比' }).waitFor()
  await settled(page)
  await shoot(page, 'tiers')
  assert.deepEqual(await violations(page), [])
  await page.locator('main').getByRole('button', { name: '同意', exact: true }).first().click()
  const asked = page.locator('[role=dialog],[role=alertdialog]').filter({ has: page.getByRole('heading') })
  await asked.getByRole('button', { name: '同意', exact: true }).click()
  await asked.waitFor({ state: 'hidden' })
  await seen(page, '已同意')
  assert.deepEqual(second.problems, [])
  await second.close()
  const maker = await openAs(browser, { email: 'channel@gd.example', password }, '/tiers', { locale: 'en' })
  await seen(maker.page, 'Moves to decide')
  await settled(maker.page)
  await shoot(maker.page, 'tiers-en')
  await maker.close()
})

test('a firm objects to a formula on trial, and is answered by who did not draft it', async () => {
  const dialog = (page) => page.locator('[role=dialog],[role=alertdialog]').filter({ has: page.getByRole('heading') })
  const firm = await openAs(browser, { email: 'admin@p02.example', password }, '/partner', small)
  await seen(firm.page, /正在静默试算/)
  await firm.page.locator('main').getByRole('button', { name: '提出异议' }).click()
  await dialog(firm.page).getByRole('textbox').fill('我们只做交付，转化率不应计入')
  await dialog(firm.page).getByRole('button', { name: '提出异议' }).click()
  await seen(firm.page, '本企业的异议')
  await firm.page.locator('main').getByText('逐项对比').first().click()
  await settled(firm.page)
  await shoot(firm.page, 'trial-phone')
  assert.deepEqual(await violations(firm.page), [])

  const second = await openAs(browser, { email: 'channel2@gd.example', password }, '/tiers')
  const { page } = second
  const row = page.getByRole('row').filter({ hasText: '转化率不应计入' })
  await row.getByRole('button', { name: '不成立' }).click()
  await dialog(page).getByRole('textbox').fill('转化率只对销售类伙伴计分')
  await dialog(page).getByRole('button', { name: '不成立' }).click()
  await dialog(page).waitFor({ state: 'hidden' })
  await row.getByText('转化率只对销售类伙伴计分').waitFor()
  await settled(page)
  await shoot(page, 'objections')
  assert.deepEqual(await violations(page), [])
  assert.deepEqual(second.problems, [])
  await second.close()
  await firm.page.reload()
  await seen(firm.page, /转化率只对销售类伙伴计分/)
  assert.deepEqual(firm.problems, [])
  await firm.close()
})
