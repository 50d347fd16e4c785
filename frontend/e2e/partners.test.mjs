// An application that is questioned, rejected and contested, each step on the screens of whose turn it is.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base, launch, open, violations } from './browser.mjs'
import { demoLogins, openAs, settled, visit } from './roles.mjs'

const { password } = (await demoLogins())[0]
const chosen = 'correct horse battery'
const run = Date.now().toString(36)
const shots = process.env.SHOTS

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

let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

const headers = { 'X-Portal': '1', 'Idempotency-Key': crypto.randomUUID(), Origin: base }
const press = (where, name) => where.getByRole('button', { name, exact: true }).click()
const seen = (page, text) => page.locator('main').getByText(text).first().waitFor()
const dialog = (page) => page.locator('[role=dialog],[role=alertdialog]').filter({ has: page.getByRole('heading') })
async function decide(page, name, reason) {
  await press(page, name)
  const asked = dialog(page)
  await asked.getByRole('textbox').first().fill(reason)
  await press(asked, name)
  await asked.waitFor({ state: 'hidden' })
}
async function upload(page, name) {
  await press(page, `上传 ${name}`)
  const asked = dialog(page)
  await asked.getByText('这样可以').waitFor()
  await asked.locator('[role=spinbutton],input[type=file]').first().waitFor({ state: 'attached' })
  if (await asked.getByRole('spinbutton').count()) {
    await asked.getByRole('spinbutton').first().click()
    await page.keyboard.type(`${new Date().getFullYear() + 2}1231`)
  }
  await asked
    .locator('input[type=file]')
    .setInputFiles({ name: `${name}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.4\n%%EOF ${name} ${run}\n`) })
  await asked.getByText('已上传', { exact: true }).waitFor()
  if (shots) await page.screenshot({ path: `${shots}/upload.png` })
  await page.keyboard.press('Escape')
  await asked.waitFor({ state: 'hidden' })
}
/** The page as it looks on a desk and a phone, in both themes and languages. */
async function shoot(page, name) {
  if (!shots) return
  const size = page.viewportSize()
  for (const [look, width, height] of [
    ['desk', 1440, 900],
    ['phone', 390, 844],
  ]) {
    await page.setViewportSize({ width, height })
    for (const theme of ['light', 'dark']) {
      await page.evaluate((value) => {
        document.documentElement.dataset.theme = value
      }, theme)
      await page.screenshot({ path: `${shots}/${name}-${look}-${theme}.png`, fullPage: true })
    }
  }
  await page.evaluate(() => {
    document.documentElement.dataset.theme = 'light'
  })
  await page.setViewportSize(size)
}

test('a firm with half a group of documents applies, is asked, rejected, contests and is admitted by another', async () => {
  const page = await open(browser, '/signin')
  const registered = await page.request.post(`${base}/api/partners/register`, {
    headers,
    data: {
      legal_name: `粤申${run}软件有限公司`,
      credit_code: creditCode(),
      capabilities: ['si'],
      contact_name: '陈晓琳',
      contact_phone: '13912345678',
      contact_email: `office@${run}.example`,
      admin_name: '陈晓琳',
      admin_email: `admin@${run}.example`,
      admin_password: chosen,
    },
  })
  assert.equal(registered.status(), 200, await registered.text())
  await visit(page, '/partner')
  await seen(page, '任选一组')
  for (const name of ['营业执照', '合作承诺书', '软件授权书']) await upload(page, name)
  await press(page, '提交申请')
  await page
    .getByText(/机器检查还有 1 项未通过/)
    .first()
    .waitFor()
  await seen(page, '请上传：软件著作权证书 或 软件授权书＋授权方软件著作权证书。')
  await shoot(page, 'checklist')
  assert.deepEqual(await violations(page), [])
  await upload(page, '授权方软件著作权证书')
  await press(page, '提交申请')
  await seen(page, '已申请')
  const { id } = await (await page.request.get(`${base}/api/partner`)).json()

  const { page: first } = await openAs(browser, { email: 'channel@gd.example', password }, `/partners/${id}`)
  await press(first, '开始审核')
  await seen(first, '轮到你：作出决定')
  await decide(first, '请补充材料', '请说明售后团队的人数和驻点')

  await visit(page, '/partner')
  await seen(page, '请说明售后团队的人数和驻点')
  await press(page, '提交申请')
  await page
    .getByText(/还有 1 个问题没有回答/)
    .first()
    .waitFor()
  await page.getByRole('textbox', { name: '回答这个问题' }).fill('12 人，广州和深圳各有驻点')
  await press(page, '提交回答')
  await seen(page, '12 人，广州和深圳各有驻点')
  await press(page, '提交申请')
  await seen(page, '审核中')

  await visit(first, `/partners/${id}`)
  await press(first, '拒绝申请')
  const asked = dialog(first)
  await asked.getByRole('combobox', { name: '拒绝原因' }).selectOption('not_capable')
  await asked.getByRole('textbox', { name: '具体说明' }).fill('没有可核实的交付案例')
  if (shots) await first.screenshot({ path: `${shots}/reject.png` })
  await press(asked, '拒绝申请')
  await asked.waitFor({ state: 'hidden' })
  await seen(first, /能力或案例不足/)

  await visit(page, '/partner')
  await seen(page, /起可以重新申请/)
  assert.equal(await page.getByRole('button', { name: '提交申请', exact: true }).count(), 0)
  await decide(page, '申诉', '案例在广州政务云，可核实')
  await seen(page, '等待另一位审核人处理申诉')
  await shoot(page, 'contested')

  await visit(first, `/partners/${id}`)
  await seen(first, '案例在广州政务云，可核实')
  assert.equal(await first.getByRole('button', { name: '维持原决定' }).count(), 0, 'who decided does not answer')

  const { page: second } = await openAs(browser, { email: 'channel2@gd.example', password }, `/partners/${id}`)
  await shoot(second, 'vetting')
  assert.deepEqual(await violations(second), [])
  await decide(second, '申诉成立，准予入驻', '案例属实')
  await seen(second, '合作中')
  await visit(page, '/partner')
  await seen(page, '申诉成立，准予入驻')
  await settled(page)
  const { page: english } = await openAs(browser, { email: `admin@${run}.example`, password: chosen }, '/partner', { locale: 'en' })
  await seen(english, 'Questions and contests')
  await shoot(english, 'admitted')
})
