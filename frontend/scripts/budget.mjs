// Fails the build when the shell, a route, the styles or the fonts outgrow their budget (gzip, kB).
import { readdirSync, readFileSync, statSync } from 'node:fs'

const manifest = JSON.parse(readFileSync('dist/site/.vite/manifest.json', 'utf8'))
const size = (file) => statSync(`dist/site/${file}.gz`, { throwIfNoEntry: false })?.size ?? statSync(`dist/site/${file}`).size
const kb = (bytes) => Math.round(bytes / 102.4) / 10

// every file a chunk needs at once: itself and its static imports
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const next of manifest[key].imports ?? []) closure(next, seen)
  return seen
}
const weigh = (keys) => [...keys].reduce((sum, key) => sum + size(manifest[key].file), 0)

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry)
const first = closure(entry)
// A signed-in first paint needs the entry and the shell's layout chunk.
const layout = Object.keys(manifest).find((key) => key.startsWith('src/routes/_app.tsx'))
const shell = layout ? closure(layout, new Set(first)) : first

const rows = [['shell', weigh(shell), 145]]
const slim = /src\/routes\/_app\/(index|[a-z]+\.\$[a-zA-Z]+)\.tsx/
for (const key of Object.keys(manifest)) {
  if (!key.startsWith('src/routes/') || key === layout) continue
  const base = key.startsWith('src/routes/_app/') ? shell : first
  rows.push([key.replace(/\?.*/, '').replace('src/routes/', ''), weigh(closure(key, new Set(base))), slim.test(key) ? 150 : 215])
}
const assets = readdirSync('dist/site/assets')
const sum = (test, suffix = '') =>
  assets.filter((f) => test.test(f)).reduce((n, f) => n + statSync(`dist/site/assets/${f}${suffix}`).size, 0)
rows.push(['styles', sum(/\.css$/, '.gz'), 14], ['fonts', sum(/\.woff2$/), 20])

let over = false
for (const [name, bytes, limit] of rows) {
  const bad = kb(bytes) > limit
  over ||= bad
  console.log(`${bad ? 'OVER' : ' ok '} ${String(kb(bytes)).padStart(6)} / ${limit} kB  ${name}`)
}
if (over) process.exit(1)
