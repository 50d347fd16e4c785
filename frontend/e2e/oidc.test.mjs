// Signing in by a tenant's own OpenID provider, a real one on this machine. Needs the server with its demo province
// (ECOPORT_URL, else 127.0.0.1:8080), allowed to call 127.0.0.0/8 and asking the name server at ECOPORT_DNS.
import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { Provider } from 'oidc-provider'
import { base, launch, open, phone, violations } from './browser.mjs'
import { serveNames } from './dns.mjs'
import { demoLogins, openAs, settled } from './roles.mjs'

const skip = !process.env.ECOPORT_DNS && 'the portal asks no name server of ours'
const run = Date.now().toString(36)
const client = { id: `portal-${run}`, secret: randomUUID() }
const name = `统一认证${run}`
const domain = `${run}.example`
const email = `oidc@${domain}`
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
let browser
let names
let server
let issuer
let audience // the provider answers for another client while this is set
const texts = new Map()

before(async () => {
  if (skip) return
  browser = await launch()
  names = await serveNames(process.env.ECOPORT_DNS, texts)
  server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [`${base}/signin/return`] }],
    jwks: { keys: [{ ...key, kid: 'one', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [randomUUID()] },
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: id, email_verified: true }) }),
  })
  provider.use(async (context, next) => {
    await next()
    if (audience && context.path === '/token' && context.body?.id_token) context.body.id_token = stray(context.body.id_token)
  })
  server.on('request', provider.callback())
})
after(async () => {
  await browser?.close()
  names?.close()
  server?.closeAllConnections()
  server?.close()
})

/** The token as the provider would sign it for somebody else. */
function stray(token) {
  const [head, body] = token.split('.')
  const claims = { ...JSON.parse(Buffer.from(body, 'base64url')), aud: audience }
  const signed = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  return `${signed}.${sign('sha256', Buffer.from(signed), createPrivateKey({ key, format: 'jwk' })).toString('base64url')}`
}

const headers = () => ({ 'X-Portal': '1', 'Idempotency-Key': randomUUID() })
const dialog = (page) => page.locator('[role=dialog],[role=alertdialog]').filter({ has: page.getByRole('heading') })

/** Invites the mailbox into the tenant of the page's person and accepts. */
async function join(page, role) {
  const invited = await page.request.post(`${base}/api/invitations`, { data: { email, roles: [role] }, headers: headers() })
  const { link } = await invited.json()
  const guest = await browser.newContext()
  const joined = await guest.request.post(`${base}/api/invitations/accept`, {
    data: { token: link.split('/').at(-1), name: '欧阳迪', password: 'a long enough password' },
    headers: { 'X-Portal': '1' },
  })
  assert.ok(joined.ok(), await joined.text())
  await guest.close()
}

/** The sign-in page with the mailbox typed in. */
async function atSignIn(options) {
  const page = await open(browser, '/signin', options)
  // the provider's pages ask for a font we do not have
  await page.context().route('https://fonts.googleapis.com/**', (route) => route.abort())
  await page.fill('input[name=email]', email)
  return page
}
const offer = (page) => page.getByRole('button', { name })

async function throughProvider(page) {
  await offer(page).click()
  await page.waitForURL(`${issuer}/**`)
  await page.fill('input[name=login]', email)
  await page.fill('input[name=password]', 'whatever')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL(`${base}/**`)
}

test('an organisation signs in by its own OpenID provider, into itself only', { skip }, async () => {
  const logins = await demoLogins()
  const by = (role, city) => logins.find((one) => one.role === role && (!city || one.email.includes(city)))
  const city = await openAs(browser, by('city_admin', '4401'), '/providers')
  const province = await openAs(browser, by('province_admin'))
  await join(city.page, 'account_manager')
  await join(province.page, 'analyst')
  const tenant = (await (await city.page.request.get(`${base}/api/me`)).json()).membership.tenant_name

  const { page } = city
  await page.getByRole('button', { name: '添加登录服务' }).first().click()
  const form = dialog(page)
  await form.getByLabel('名称').fill(name)
  await form.getByLabel('邮箱域名').fill(domain)
  await form.getByLabel('签发者地址').fill(issuer)
  await form.getByLabel('客户端 ID').fill(client.id)
  await form.getByLabel('客户端密钥').fill(client.secret)
  await form.getByRole('button', { name: '保存登录服务' }).click()
  await form.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: `检查连接 ${name}` }).click()
  await page.getByText(`${name}应答正常`).waitFor()
  assert.deepEqual(await violations(page), [])

  // Its mail domain leads nobody anywhere until its zone says whose it is.
  const check = page.getByRole('button', { name: `立即检查 ${domain}` })
  const card = page
    .locator('section > div > *')
    .filter({ has: page.getByRole('heading', { name: domain }) })
    .last()
  await card.getByText('待验证', { exact: true }).waitFor()
  await check.click()
  await card.getByText(/还没有查到这条记录/).waitFor()
  const early = await atSignIn()
  await early.waitForTimeout(600)
  assert.equal(await offer(early).count(), 0)
  await early.context().close()
  const shown = await card.locator('code').allTextContents()
  const record = shown.find((text) => text.startsWith('_ecoport.'))
  texts.set(record, 'v=spf1 -all')
  await check.click()
  await card.getByText(/内容不一致：v=spf1 -all/).waitFor()
  texts.set(record, ['v=spf1 -all', shown.find((text) => text.startsWith('ecoport-verify='))])
  await check.click()
  await card.getByText('已验证', { exact: true }).waitFor()
  assert.deepEqual(await violations(page), [])

  // The invited person lands in that tenant and stays in it.
  const person = await atSignIn(phone)
  await offer(person).waitFor()
  assert.deepEqual(await violations(person), [])
  await throughProvider(person)
  await person.waitForURL(`${base}/`)
  await settled(person)
  const me = await (await person.request.get(`${base}/api/me`)).json()
  assert.equal(me.membership.tenant_name, tenant)
  assert.equal(me.user.email, email)
  assert.deepEqual(
    me.memberships.map((one) => one.tenant_name),
    [tenant],
  )
  const { items } = await (await province.page.request.get(`${base}/api/members`)).json()
  const elsewhere = items.find((one) => one.email === email)
  const moved = await person.request.post(`${base}/api/session/tenant`, { data: { membership_id: elsewhere.id }, headers: headers() })
  assert.equal(moved.status(), 403)
  assert.match((await moved.json()).title, /退出后用密码登录/)
  await person.context().close()

  // An answer meant for another client is refused in words.
  audience = 'somebody-else'
  const misled = await atSignIn()
  await throughProvider(misled)
  await misled.getByRole('alert').filter({ hasText: '没有通过校验' }).waitFor()
  assert.equal((await misled.request.get(`${base}/api/me`)).status(), 401)
  assert.deepEqual(await violations(misled), [])
  await misled.getByRole('link', { name: '回到登录页' }).click()
  await misled.waitForURL(`${base}/signin`)
  await misled.context().close()
  audience = undefined

  // So is turning back at the provider.
  const away = await atSignIn({ locale: 'en' })
  await away.getByRole('button', { name }).click()
  await away.waitForURL(`${issuer}/**`)
  await away.getByRole('link', { name: 'Cancel' }).click()
  await away.waitForURL(`${base}/signin/return**`)
  await away.getByRole('alert').filter({ hasText: 'cancelled' }).waitFor()
  assert.equal((await away.request.get(`${base}/api/me`)).status(), 401)
  await away.context().close()
  assert.deepEqual([...city.problems, ...province.problems], [])
  await city.close()
  await province.close()
})
