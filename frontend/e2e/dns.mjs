import { createSocket } from 'node:dgram'

/** A name server that knows the TXT records in `texts`, by name, and nothing else. */
export function serveNames(address, texts) {
  const [host, port] = address.split(':')
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const labels = []
    let at = 12
    for (; query[at]; at += query[at] + 1) labels.push(query.toString('utf8', at + 1, at + 1 + query[at]))
    const question = query.subarray(12, at + 5)
    const answers = query.readUInt16BE(at + 1) === 16 ? [texts.get(labels.join('.').toLowerCase()) ?? []].flat() : []
    const head = Buffer.from(query.subarray(0, 12))
    head.writeUInt16BE(answers.length ? 0x8580 : 0x8583, 2)
    head.writeUInt16BE(answers.length, 6)
    head.writeUInt32BE(0, 8)
    const records = answers.map((text) => {
      const fixed = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 1, 0, text.length + 1, text.length])
      return Buffer.concat([fixed, Buffer.from(text)])
    })
    socket.send(Buffer.concat([head, question, ...records]), from.port, from.address)
  })
  return new Promise((resolve) => socket.bind(Number(port), host, () => resolve(socket)))
}
