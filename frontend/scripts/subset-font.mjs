// Makes src/styles/inter-latin.woff2: ASCII of Inter (SIL OFL 1.1), weights 400 to 600, with tabular digits.
import { readFileSync, writeFileSync } from 'node:fs'
import subset from 'subset-font'

const source = readFileSync('node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2')
const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')
const out = await subset(source, `${ascii}¥·`, { targetFormat: 'woff2', variationAxes: { wght: { min: 400, max: 600 } } })
writeFileSync('src/styles/inter-latin.woff2', out)
console.log(`inter-latin.woff2 ${out.length} bytes`)
