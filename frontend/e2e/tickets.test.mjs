// A customer's trouble from the account manager's desk to the engineer's phone and back.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base, launch, phone, violations } from './browser.mjs'
import { demoLogins, openAs, settled, visit } from './roles.mjs'

const logins = await demoLogins()
assert.ok(logins.length, `no demo logins at ${base}: start the portal with its demo province`)
const password = logins[0].password
const subject = `座席无法登录 ${Date.now().toString(36)}`

let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

const press = (page, name) => page.getByRole('button', { name, exact: true }).click()
const seen = (page, text) => page.locator('main').getByText(text, { exact: true }).first().waitFor()
async function say(page, name, text) {
  await press(page, name)
  const asked = page.locator('[role=dialog],[role=alertdialog]').filter({ has: page.getByRole('heading') })
  await asked.getByRole('textbox').fill(text)
  await press(asked, name)
  await asked.waitFor({ state: 'hidden' })
}

/** A service whose supplier has an engineer, and the manager whose customer has it. */
async function desk() {
  const care = await openAs(browser, { email: 'care@gd.example', password })
  const ask = async (page, path) => (await page.request.get(base + path)).json()
  const { items } = await ask(care.page, '/api/ticket-services')
  for (const service of items) {
    const { account_id } = await ask(care.page, `/api/orders/${service.order_id}`)
    const { city_code } = await ask(care.page, `/api/accounts/${account_id}`)
    for (const firm of ['p01', 'p02', 'p05', 'p08']) {
      const engineer = await openAs(browser, { email: `support@${firm}.example`, password }, '/', phone)
      const held = await ask(engineer.page, '/api/accounts?limit=100')
      if (held.items.some((one) => one.id === account_id)) {
        for (const name of ['manager', 'manager2']) {
          const manager = await openAs(browser, { email: `${name}.${city_code}@gd.example`, password })
          const mine = await ask(manager.page, '/api/ticket-services')
          if (mine.items.some((one) => one.id === service.id)) return { manager, engineer, service, account_id }
          await manager.close()
        }
      }
      await engineer.close()
    }
  }
  throw new Error('no service of the demo has both')
}

test('a ticket is raised at a desk, solved on a phone and confirmed', async () => {
  const { manager, engineer, service, account_id } = await desk()

  // from the service on the customer's page
  await visit(manager.page, `/accounts/${account_id}`)
  await manager.page.getByRole('link', { name: `对 ${service.number} 提工单`, exact: true }).click()
  await manager.page.getByRole('heading', { name: '提工单' }).waitFor()
  await manager.page.getByRole('button', { name: /类别/ }).click()
  await manager.page.getByRole('option', { name: '故障', exact: true }).click()
  await manager.page.locator('label').filter({ hasText: '严重' }).click()
  await manager.page.getByRole('textbox', { name: '主题' }).fill(subject)
  await manager.page.getByRole('textbox', { name: '问题描述' }).fill('今早起 20 个座席都提示网关超时。')
  await press(manager.page, '提交工单')
  await manager.page.getByRole('heading', { name: subject }).waitFor()
  await seen(manager.page, '等支撑伙伴接单')
  const path = new URL(manager.page.url()).pathname
  await manager.page.locator('main').getByText('内部备注', { exact: true }).click()
  await manager.page.getByRole('textbox').fill('客户是重点保障单位')
  await press(manager.page, '记内部备注')
  await seen(manager.page, '客户是重点保障单位')

  // on the phone: what is due first, open it, take it, ask, solve
  await visit(engineer.page, '/tickets?sort=due')
  await engineer.page.getByRole('link', { name: new RegExp(subject) }).click()
  await engineer.page.getByRole('heading', { name: subject }).waitFor()
  await settled(engineer.page)
  assert.equal(await engineer.page.getByText('客户是重点保障单位').count(), 0, 'a note reached the supplier')
  assert.ok(await engineer.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is wider than the phone')
  await press(engineer.page, '接单')
  await seen(engineer.page, '轮到你：处理并填写解决结果')
  await say(engineer.page, '请客户补充', '请提供出口 IP')

  // the desk refreshes by itself
  await seen(manager.page, '轮到你：向客户问清并补充')
  await seen(manager.page, '请提供出口 IP')
  await say(manager.page, '答复伙伴', '出口 IP 是 10.1.2.3')
  await seen(engineer.page, '出口 IP 是 10.1.2.3')
  await press(engineer.page, '接单')
  await say(engineer.page, '填写解决结果', '网关证书到期，已更换')
  await seen(engineer.page, '等客户确认')

  await seen(manager.page, '网关证书到期，已更换')
  assert.deepEqual(await violations(manager.page), [])
  await press(manager.page, '确认已解决')
  await seen(manager.page, '已关闭')
  assert.equal(new URL(manager.page.url()).pathname, path)
  await visit(manager.page, `/accounts/${account_id}`)
  await manager.page.locator('main').getByText(new RegExp(subject)).first().waitFor()
  assert.deepEqual([...manager.problems, ...engineer.problems], [])
  await manager.close()
  await engineer.close()
})
