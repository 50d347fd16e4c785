// A city sells what the province offers on its own terms, and decides when the province changes it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, phone, violations } from './browser.mjs'
import { asking, demoLogins, openAs, settled, visit } from './roles.mjs'

const logins = await demoLogins()
const by = (role) => logins.find((one) => one.role === role)
let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

const yuan = (fen) => (fen / 100).toFixed(2)

test('a city sets its own price inside the band, and decides when the band narrows', async () => {
  const city = await openAs(browser, by('city_product_manager'))
  const province = await openAs(browser, by('product_manager'))
  const asCity = asking(city.page)
  const asProvince = asking(province.page)
  const market = await asCity('GET', '/api/marketplace?scope=province&limit=50')
  let offer
  for (const one of market.items)
    if (!one.local_to && !(await asCity('GET', `/api/marketplace/${one.id}/overlay`)).id) {
      offer = one
      break
    }
  assert.ok(offer, 'something of the province that the city has not adjusted')

  // the province opens a band
  await visit(province.page, `/listings/${offer.id}`)
  await province.page.getByText('还没有城市调整').waitFor()
  await province.page.getByRole('button', { name: '设置价格区间' }).click()
  const band = province.page.getByRole('dialog')
  await band.getByRole('textbox', { name: /下限/ }).fill('90')
  await band.getByRole('textbox', { name: /原因/ }).fill('各市行情不同')
  assert.deepEqual(await violations(province.page), [])
  await band.getByRole('button', { name: '保存价格区间' }).click()
  await band.waitFor({ state: 'hidden' })
  await province.page.getByText('90% 至 100%').waitFor()

  // the city: too low, then right
  await visit(city.page, `/market/${offer.id}`)
  await city.page.getByRole('link', { name: '本地调整' }).click()
  await city.page.waitForURL('**/overlay')
  await settled(city.page)
  const [first] = (await asCity('GET', `/api/marketplace/${offer.id}/overlay`)).sides
  const price = city.page.getByRole('textbox', { name: `本市价 ${first.name}` })
  await price.fill(yuan(Math.floor(first.province_fen * 0.5)))
  await city.page.getByText(/超出区间/).waitFor()
  await city.page.getByRole('button', { name: '保存本地调整' }).click()
  await city.page
    .getByRole('alert')
    .filter({ hasText: '本地价须在' })
    .or(city.page.getByText(/有内容需要修改/))
    .first()
    .waitFor()
  await price.fill(yuan(first.floor_fen))
  assert.deepEqual(await violations(city.page), [])
  await city.page.getByRole('button', { name: '保存本地调整' }).click()
  await city.page.waitForURL('**/overlays/*')
  await settled(city.page)
  const overlay = city.page.url()
  await visit(city.page, `/market/${offer.id}`)
  await city.page.getByText(/本地条款/).waitFor()
  await city.page
    .getByText(/^全省 ¥/)
    .first()
    .waitFor()

  // the province narrows it; the city's home says so, on a phone, and the three sides stand beside each other
  await asProvince('POST', `/api/listings/${offer.id}/band`, { floor_ppm: 980_000, ceiling_ppm: 1_000_000, reason: '成本上升' })
  const mobile = await openAs(browser, by('city_product_manager'), '/', phone)
  await mobile.page.locator('main li', { hasText: offer.name }).filter({ hasText: '决定本地调整' }).getByRole('link').first().click()
  await mobile.page.waitForURL(overlay)
  await settled(mobile.page)
  await mobile.page.getByText(/请在 .* 前决定/).waitFor()
  assert.deepEqual(await violations(mobile.page), [])
  await mobile.page.getByRole('button', { name: '采用全省价' }).first().click()
  await mobile.page.getByRole('button', { name: '决定并保存' }).click()
  await mobile.page.getByText(/请在 .* 前决定/).waitFor({ state: 'hidden' })
  await visit(province.page, `/listings/${offer.id}`)
  await province.page.getByText('1 个城市做了调整，0 个待决定').waitFor()
  assert.deepEqual(await violations(province.page), [])

  // and goes back to the province's terms
  await visit(city.page, new URL(overlay).pathname)
  await city.page.getByRole('button', { name: '退回全省条款' }).click()
  await city.page.getByRole('alertdialog').getByRole('button', { name: '退回全省条款' }).click()
  await city.page.waitForURL(`**/market/${offer.id}`)
  await visit(city.page, '/overlays')
  assert.deepEqual(await violations(city.page), [])
  assert.deepEqual([...city.problems, ...province.problems, ...mobile.problems], [])
})

test('a buyer opens the papers of an offer', async () => {
  const { page, problems } = await openAs(browser, by('agent'))
  const market = await asking(page)('GET', '/api/marketplace?limit=50')
  for (const { id } of market.items) {
    const { files } = await asking(page)('GET', `/api/marketplace/${id}`)
    if (!files.length) continue
    await visit(page, `/market/${id}`)
    const [tab] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: files[0].file.name }).click()])
    await page.waitForTimeout(800)
    assert.equal(await page.getByText('没有找到').count(), 0)
    await tab.close().catch(() => {})
    assert.deepEqual(problems, [])
    return
  }
  assert.fail('no offer has a paper')
})
