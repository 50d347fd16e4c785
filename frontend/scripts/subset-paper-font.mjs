// Makes the fonts of app/platform/paper: latin.ttf, Latin of Inter (SIL OFL 1.1); sans.ttf, the characters of GB 2312 of Droid Sans Fallback; and
// rare.ttf.gz, all other Chinese characters of it (Apache License 2.0), which names of firms and people hold. The arguments are the two files that
// Debian's fonts-droid-fallback installs.
import { readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import subset from 'subset-font'

const source = readFileSync(process.argv[2] ?? '/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf')
const full = readFileSync(process.argv[3] ?? '/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf')
const decoder = new TextDecoder('gb2312')
let text = ''
for (let high = 0xa1; high <= 0xf7; high++) {
  for (let low = 0xa1; low <= 0xfe; low++) text += decoder.decode(Uint8Array.of(high, low)).replace(/[\uFFFD\uE000-\uF8FF]/g, '')
}
text += '‘’“”…□'
const out = await subset(source, text, { targetFormat: 'truetype' })
writeFileSync('../app/platform/paper/sans.ttf', out)
console.log(`sans.ttf ${out.length} bytes`)

const common = new Set(text)
let others = ''
for (const [from, to] of [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
]) {
  for (let code = from; code <= to; code++) if (!common.has(String.fromCharCode(code))) others += String.fromCharCode(code)
}
const rare = gzipSync(await subset(full, others, { targetFormat: 'truetype' }), { level: 9 })
writeFileSync('../app/platform/paper/rare.ttf.gz', rare)
console.log(`rare.ttf.gz ${rare.length} bytes`)

const letters = Array.from({ length: 0x17f - 31 }, (_, i) => String.fromCharCode(32 + i))
const inter = readFileSync('node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2')
writeFileSync(
  '../app/platform/paper/latin.ttf',
  await subset(inter, `${letters.join('')}—`, { targetFormat: 'truetype', variationAxes: { wght: 400 } }),
)
