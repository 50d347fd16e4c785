// Needs the server with its demo province: ECOPORT_URL, else 127.0.0.1:8080.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, phone, violations } from './browser.mjs'
import { asking, openAs, settled, visit } from './roles.mjs'

const password = 'ecoport-demo'
const shots = process.env.SHOTS
const shoot = async (page, name) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
}

let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

test('a statement is invoiced, paid by two persons and answered by the bank', async () => {
  const finance = await openAs(browser, { email: 'finance@p03.example', password }, '/statements', phone)
  const ask = asking(finance.page)
  // the newest month waits for the tour's agent
  const issued = (await ask('GET', '/api/statements?state=issued&limit=1')).items[0]
  if (issued) await ask('POST', `/api/statements/${issued.id}/confirm`, {})
  await visit(finance.page, '/payee')
  const account = finance.page.locator('main')
  await account.getByLabel('开户银行').fill('招商银行')
  await account.getByLabel('支行全称').fill('广州分行营业部')
  await account.getByLabel('银行账号').fill('1209 0000 1234')
  await account.getByRole('button', { name: '保存账户' }).click()
  await finance.page.getByText('收款账户已保存').waitFor()
  assert.deepEqual(await violations(finance.page), [])
  await shoot(finance.page, 'payee-phone')
  const open = (await ask('GET', '/api/statements?state=confirmed&limit=20')).items.filter((one) => one.payable_fen > 0)
  for (const one of open) {
    const statement = await ask('GET', `/api/statements/${one.id}`)
    if (statement.invoices.some((invoice) => invoice.state === 'sent')) continue
    await visit(finance.page, `/statements/${one.id}`)
    const main = finance.page.locator('main')
    await main.getByRole('button', { name: '登记发票' }).click()
    const dialog = finance.page.locator('[role=dialog]')
    await dialog.getByLabel('发票号码').fill('123')
    await dialog.getByRole('button', { name: '登记', exact: true }).click()
    await dialog.getByText('20 位（数电）').first().waitFor()
    await dialog.getByLabel('发票号码').fill(String(Date.now()).padStart(20, '2'))
    assert.deepEqual(await violations(finance.page), [])
    await shoot(finance.page, 'invoice-phone')
    await dialog.getByRole('button', { name: '登记', exact: true }).click()
    await finance.page.getByText('发票已登记').first().waitFor()
    await shoot(finance.page, 'statement-invoiced-phone')
  }
  assert.deepEqual(finance.problems, [])

  const maker = await openAs(browser, { email: 'settlement@gd.example', password }, '/payouts')
  const main = maker.page.locator('main')
  // what an earlier walk left behind
  for (const left of (await asking(maker.page)('GET', '/api/payout-batches?state=made&limit=10')).items)
    await asking(maker.page)('POST', `/api/payout-batches/${left.id}/cancel`, { reason: '重做' })
  await visit(maker.page, '/payouts')
  await main.getByRole('button', { name: '复核齐备的对账单' }).click()
  await maker.page.getByText('已复核').first().waitFor()
  await settled(maker.page)
  await main.getByRole('button', { name: '制作批次' }).click()
  await maker.page.getByText('等待另一人复核').first().waitFor()
  await shoot(maker.page, 'payouts')
  assert.deepEqual(await violations(maker.page), [])
  const batch = (await asking(maker.page)('GET', '/api/payout-batches?state=made&limit=1')).items[0]
  await visit(maker.page, `/payouts/${batch.id}`)
  await main.getByText('由另一位结算专员复核').waitFor()
  assert.equal(await main.getByRole('button', { name: '复核通过' }).count(), 0)

  const checker = await openAs(browser, { email: 'settlement2@gd.example', password }, `/payouts/${batch.id}`)
  await settled(checker.page)
  await shoot(checker.page, 'payout-batch')
  assert.deepEqual(await violations(checker.page), [])
  await checker.page.locator('main').getByRole('button', { name: '复核通过' }).click()
  await checker.page.locator('[role=alertdialog] button').last().click()
  await checker.page.getByText('已复核，可以送银行').first().waitFor()
  assert.deepEqual(checker.problems, [])
  await checker.close()

  await visit(maker.page, `/payouts/${batch.id}`)
  await main.getByRole('button', { name: '送银行' }).click()
  await maker.page.locator('[role=alertdialog] button').last().click()
  await maker.page.getByText('请下载文件交银行').first().waitFor()
  const download = maker.page.waitForEvent('download')
  await main.getByRole('link', { name: '下载 CSV' }).click()
  assert.match((await download).suggestedFilename(), /^PB.*\.csv$/)
  const sent = await asking(maker.page)('GET', `/api/payout-batches/${batch.id}`)
  await main.getByRole('link', { name: '导入银行回盘' }).click()
  await maker.page.waitForURL('**/feeds?kind=answers')
  await settled(maker.page)
  const chooser = maker.page.waitForEvent('filechooser')
  await main.getByRole('button', { name: '选择文件试算' }).click()
  const rows = sent.items.map((one, at) =>
    [one.number, (one.amount_fen / 100).toFixed(2), at ? '成功' : '失败', `REF${at}`, at ? '' : '账号与户名不符', ''].join(','),
  )
  await (await chooser).setFiles({
    name: '回盘.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`付款编号,金额（元）,结果,银行流水号,失败原因,日期\n${rows.join('\n')}\n`),
  })
  await main.getByRole('button', { name: '导入', exact: true }).click()
  await main.getByText(`已导入 ${rows.length} 行`).waitFor()
  await visit(maker.page, `/payouts/${batch.id}`)
  await main.getByText('1 笔失败').waitFor()
  await shoot(maker.page, 'payout-reconciled')
  assert.deepEqual(maker.problems, [])
})
