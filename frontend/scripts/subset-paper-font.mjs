// Makes app/platform/paper/latin.ttf: ASCII of Inter (SIL OFL 1.1); and sans.ttf: the characters of GB 2312 of Droid Sans Fallback (Apache License 2.0), as
// Debian's fonts-droid-fallback installs it; its path is the argument.
import { readFileSync, writeFileSync } from 'node:fs'
import subset from 'subset-font'

const source = readFileSync(process.argv[2] ?? '/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf')
const decoder = new TextDecoder('gb2312')
let text = ''
for (let high = 0xa1; high <= 0xf7; high++) {
  for (let low = 0xa1; low <= 0xfe; low++) text += decoder.decode(Uint8Array.of(high, low)).replace(/[\uFFFD\uE000-\uF8FF]/g, '')
}
const out = await subset(source, `${text}‘’“”…□`, { targetFormat: 'truetype' })
writeFileSync('../app/platform/paper/sans.ttf', out)
console.log(`sans.ttf ${out.length} bytes`)

const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')
const inter = readFileSync('node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2')
writeFileSync(
  '../app/platform/paper/latin.ttf',
  await subset(inter, `${ascii}·—`, { targetFormat: 'truetype', variationAxes: { wght: 400 } }),
)
