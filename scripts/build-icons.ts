/**
 * Writes resources/icons/ from src/renderer/public/icon.svg: PNGs for Linux, one ICO for Windows, one ICNS for macOS.
 * node bin/run.mjs scripts/build-icons.ts
 */
import { Resvg } from '@resvg/resvg-js'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const FOLDER = join(ROOT, 'resources/icons')
const svg = readFileSync(join(ROOT, 'src/renderer/public/icon.svg'), 'utf8')

function png(size: number): Buffer {
  return new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng()
}

/** An icon directory whose entries are PNGs: https://learn.microsoft.com/en-us/previous-versions/ms997538(v=msdn.10) */
function ico(sizes: readonly number[]): Buffer {
  const images = sizes.map(png)
  const head = Buffer.alloc(6 + 16 * sizes.length)
  head.writeUInt16LE(1, 2) // a directory of icons
  head.writeUInt16LE(sizes.length, 4)
  let offset = head.length
  sizes.forEach((size, i) => {
    const at = 6 + 16 * i
    const { length } = images[i]!
    head.writeUInt8(size % 256, at) // 0 stands for 256
    head.writeUInt8(size % 256, at + 1)
    head.writeUInt16LE(1, at + 4) // colour planes
    head.writeUInt16LE(32, at + 6) // bits per pixel
    head.writeUInt32LE(length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += length
  })
  return Buffer.concat([head, ...images])
}

/** Blocks of type, length and PNG: https://en.wikipedia.org/wiki/Apple_Icon_Image_format */
function icns(types: Readonly<Record<string, number>>): Buffer {
  const blocks = Object.entries(types).map(([type, size]) => block(type, png(size)))
  return block('icns', Buffer.concat(blocks))
}

function block(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 0, 'ascii')
  head.writeUInt32BE(content.length + 8, 4)
  return Buffer.concat([head, content])
}

mkdirSync(join(FOLDER, 'linux'), { recursive: true })
for (const size of [16, 32, 48, 64, 128, 256, 512]) writeFileSync(join(FOLDER, `linux/${size}x${size}.png`), png(size))
writeFileSync(join(FOLDER, 'icon.ico'), ico([16, 24, 32, 48, 64, 128, 256]))
writeFileSync(
  join(FOLDER, 'icon.icns'),
  icns({ ic11: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512, ic10: 1024 }),
)
