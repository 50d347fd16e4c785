// An order on its way: who delivers plans it on a phone and hands it over in part; the account manager sees what is
// late on the board, sends back what the customer does not accept, and reads what an end costs before it is final.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, phone, violations } from './browser.mjs'
import { asking, demoLogins, openAs, settled, visit } from './roles.mjs'

const { password } = (await demoLogins())[0]
const shots = process.env.SHOTS
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

test('a delivery is planned, handed over in part, accepted and renewed', async () => {
  const si = await openAs(browser, { email: 'support@p01.example', password }, '/deliveries', phone)
  const firm = (await asking(si.page)('GET', '/api/me')).membership.tenant_name
  const { page, problems } = await openAs(browser, { email: 'manager.4401@gd.example', password }, '/orders')
  const ask = asking(page)
  const sold = (await ask('GET', '/api/marketplace?limit=100')).items
  let offer
  for (const { id } of sold.filter((one) => one.partner_name === firm)) {
    offer = await ask('GET', `/api/marketplace/${id}`)
    if (offer.elements.length >= 3 && !offer.menu.rules.length) break
  }
  const account = (await ask('GET', '/api/accounts?limit=1')).items[0]
  const quote = await ask('POST', '/api/quotes', {
    account_id: account.id,
    listing_id: offer.id,
    term_months: 12,
    lines: offer.elements.slice(0, 3).map((one) => ({ element_id: one.id, quantity: Math.max(1, one.min ?? 0) })),
  })
  const order = await ask('POST', `/api/quotes/${quote.id}/order`)
  await visit(page, `/orders/${order.id}`)
  const main = page.locator('main')
  await main.getByRole('button', { name: '取消订单' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('不再收取').waitFor()
  await shoot(page, 'order-cancel')
  await dialog.getByRole('button', { name: '取消', exact: true }).click()
  await main.getByRole('button', { name: '受理订单' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: '受理订单' }).click()
  await main.getByRole('heading', { name: '交付计划' }).waitFor()
  await visit(page, '/orders?view=board')
  await main.getByRole('region', { name: '已受理' }).getByText(account.name).first().waitFor()
  await shoot(page, 'order-board')

  // on a phone: the plan, a task with a file, and the hand-over without one element
  await visit(si.page, '/deliveries')
  const inbox = si.page.locator('main')
  await shoot(si.page, 'delivery-inbox-phone')
  const mine = (await asking(si.page)('GET', '/api/deliveries?state=open&limit=100')).items.find((one) => one.order_id === order.id)
  await visit(si.page, `/deliveries/${mine.id}`)
  await inbox.getByRole('button', { name: '调整计划' }).click()
  const plan = si.page.getByRole('dialog')
  await plan.getByRole('button', { name: '加一项任务' }).click()
  await plan.getByRole('textbox', { name: '任务' }).last().fill('现场培训')
  await shoot(si.page, 'delivery-plan-phone')
  await plan.getByRole('button', { name: '保存' }).click()
  await plan.waitFor({ state: 'hidden' })
  await inbox.getByText('现场培训').waitFor()
  await inbox.getByRole('button', { name: '开始交付' }).click()
  await inbox
    .getByRole('button', { name: /^完成 / })
    .first()
    .click()
  await plan.getByRole('textbox').fill('账号已交给客户管理员')
  const chooser = si.page.waitForEvent('filechooser')
  await plan
    .getByRole('button', { name: /选择文件|添加文件|选择/ })
    .first()
    .click()
  await (await chooser).setFiles({ name: '移交清单.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%EOF\n') })
  await plan.getByText('移交清单.pdf').first().waitFor()
  await shoot(si.page, 'delivery-task-phone')
  await plan.getByRole('button', { name: '完成', exact: true }).click()
  await plan.waitFor({ state: 'hidden' })
  await inbox.getByText('账号已交给客户管理员').waitFor()
  await inbox.getByRole('button', { name: '完成交付' }).click()
  await plan.getByText(mine.elements[1], { exact: true }).click()
  await plan.getByText(`后交付：${mine.elements[1]}`).waitFor()
  await plan.getByRole('textbox').fill('设备还没到')
  await shoot(si.page, 'delivery-part-phone')
  await plan.getByRole('button', { name: '部分移交' }).click()
  await inbox.getByText('等待客户验收，由客户经理登记。').waitFor()
  await shoot(si.page, 'delivery-phone')
  assert.deepEqual(si.problems, [])

  // not accepted first, then accepted in part
  await visit(page, `/orders/${order.id}`)
  await main.getByText(`尚未交付：${mine.elements[1]}`).waitFor()
  await shoot(page, 'order-part')
  await main.getByRole('button', { name: '验收不通过' }).click()
  await dialog.getByRole('textbox').fill('报表打不开')
  await dialog.getByRole('button', { name: '验收不通过' }).click()
  await main.getByText('交付进行中').waitFor()
  await asking(si.page)('POST', `/api/deliveries/${mine.id}/finish`, { reason: '设备还没到', missing: [mine.tasks[1].id] })
  await main.getByRole('button', { name: '登记验收' }).click()
  await dialog.getByRole('textbox', { name: '客户签收人' }).fill('何建国')
  await dialog.getByRole('button', { name: '登记验收' }).click()
  await main.getByText('同一报价的其他订单').waitFor()
  await main.getByText('合约到期').waitFor()
  await shoot(page, 'order-parts')

  await main.getByRole('button', { name: '续约', exact: true }).click()
  await dialog.getByText('从次日起续').waitFor()
  await shoot(page, 'order-renew')
  await dialog.getByRole('button', { name: '续约', exact: true }).click()
  await page.getByText('已续约').first().waitFor()
  await main.getByRole('button', { name: '结束服务' }).click()
  await dialog.getByText('追回各方酬金合计').waitFor()
  await shoot(page, 'order-end')
  assert.deepEqual(problems, [])
  await si.close()
})

test('usage from a file is tried first, then imported once, and shown with the order', async () => {
  const manager = await openAs(browser, { email: 'manager.4401@gd.example', password }, '/orders')
  const active = (await asking(manager.page)('GET', '/api/orders?state=active&limit=1')).items[0]
  const order = await asking(manager.page)('GET', `/api/orders/${active.id}`)
  const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  const line = (element) => `web-${Date.now()},${order.service.number},${day},${element},1200\n`
  const { page, problems } = await openAs(browser, { email: 'settlement@gd.example', password }, '/feeds?kind=usage')
  const main = page.locator('main')
  const take = async (text) => {
    const chooser = page.waitForEvent('filechooser')
    await main.getByRole('button', { name: '选择文件试算' }).click()
    await (await chooser).setFiles({
      name: '用量.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`编号,服务编号,日期,功能元素,用量\n${text}`),
    })
  }
  await take(line('没有这一项'))
  await main.getByText('第 2 行 D2').waitFor()
  await shoot(page, 'feeds-faults')
  const good = line(order.price.lines[0].name)
  await take(good)
  await main.getByRole('button', { name: '导入', exact: true }).click()
  await main.getByText('已导入 1 行').waitFor()
  await shoot(page, 'feeds')
  await take(good)
  await main.getByText('没有新的内容要导入').waitFor()
  assert.deepEqual(problems, [])
  await visit(manager.page, `/orders/${order.id}`)
  await manager.page.locator('main').getByText('本月 1,200').first().waitFor()
  await shoot(manager.page, 'order-usage')
  assert.deepEqual(manager.problems, [])
})
