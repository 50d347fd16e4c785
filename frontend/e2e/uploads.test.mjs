// A large file: sent in parts, interrupted, gone on with on another visit; pictures and archives looked into in place.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { launch, violations } from './browser.mjs'
import { asking, demoLogins, openAs, settled } from './roles.mjs'

const logins = await demoLogins()
const run = Date.now().toString(36)
const folder = mkdtempSync(join(tmpdir(), 'uploads-'))
const mb = 1024 * 1024
let browser
let author
before(async () => {
  browser = await launch()
  author = await openAs(
    browser,
    logins.find((one) => one.role === 'solution_author'),
  )
})
after(async () => {
  rmSync(folder, { recursive: true })
  await browser.close()
})

/** A zip of one stored file of noise: nothing packs it, everything opens it. */
function archive(size) {
  const name = Buffer.from('package/image.bin')
  const content = Buffer.alloc(size)
  for (let at = 0; at + 4 <= size; at += 4096) content.writeUInt32LE((Math.random() * 2 ** 32) >>> 0, at)
  let crc = -1
  const table = Array.from({ length: 256 }, (_, n) => {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
    return c
  })
  for (const byte of content) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff]
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt32LE((crc ^ -1) >>> 0, 14)
  local.writeUInt32LE(size, 18)
  local.writeUInt32LE(size, 22)
  local.writeUInt16LE(name.length, 26)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE(20, 4)
  central.writeUInt16LE(20, 6)
  local.copy(central, 16, 14, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(46 + name.length, 12)
  end.writeUInt32LE(30 + name.length + size, 16)
  return Buffer.concat([local, name, content, central, name, end])
}

test('a large package goes on where it stopped, and is looked into in place', { timeout: 120_000 }, async () => {
  const { page, problems } = author
  const ask = asking(page)
  const made = await ask('POST', '/api/solutions', {
    name: `大包${run}`,
    summary: '分片续传',
    industry: 'logistics',
    category: 'industry',
    family: 'wuliutong',
  })
  const version = made.versions[0].id
  const file = join(folder, 'package.zip')
  const content = archive(84 * mb)
  writeFileSync(file, content)
  const sent = []
  let cut = false
  await page.route(/partNumber=/, (route) => {
    sent.push(Number(new URL(route.request().url()).searchParams.get('partNumber')))
    return cut && sent.length > 3 ? route.abort() : route.continue()
  })
  const drop = async () => {
    await page.goto(new URL(`/versions/${version}`, page.url()).href)
    await settled(page)
    await page.getByRole('radio', { name: '安装包' }).click()
    await page.locator('#files input[type=file]').setInputFiles(file)
  }
  cut = true
  await drop()
  await page.locator('main').getByText(/%/).first().waitFor()
  while (sent.length < 4) await page.waitForTimeout(100)
  await page.waitForTimeout(1500)
  const before = (await ask('POST', '/api/files', announced(content))).arrived
  assert.ok(before.length >= 1 && before.length < 6, `some arrived: ${before}`)

  cut = false
  sent.length = 0
  page.once('dialog', (dialog) => dialog.accept())
  await drop()
  await page
    .locator('main')
    .getByRole('button', { name: /^package\.zip/ })
    .first()
    .waitFor({ timeout: 60_000 })
  assert.deepEqual(
    sent.filter((number) => before.includes(number)),
    [],
    'what had arrived is not sent again',
  )
  assert.equal(new Set(sent).size, 6 - before.length)
  await page
    .locator('main')
    .getByRole('button', { name: /^package\.zip/ })
    .first()
    .click()
  await page.getByRole('dialog').getByText('package/image.bin').waitFor()
  assert.deepEqual(await violations(page), [])
  await page.keyboard.press('Escape')
  assert.deepEqual(problems, [])
})

/** What the screen announces for a large file. */
function announced(content) {
  const digest = (bytes) => createHash('sha256').update(bytes).digest()
  const parts = []
  for (let at = 0; at < content.length; at += 16 * mb) parts.push(digest(content.subarray(at, at + 16 * mb)))
  const sha256 = digest(Buffer.concat(parts)).toString('base64')
  return { purpose: 'solution_file', name: 'package.zip', media_type: 'application/zip', size: content.length, sha256 }
}
