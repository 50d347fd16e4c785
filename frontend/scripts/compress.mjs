// Lays a .br and a .gz next to every text asset of dist/site, for the server to send as they are.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const text = /\.(js|css|html|svg|json)$/
for (const entry of readdirSync('dist/site', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !text.test(entry.name) || entry.parentPath.includes('.vite')) continue
  const file = join(entry.parentPath, entry.name)
  const bytes = readFileSync(file)
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, quality))
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
}
