/** What a browser loads: all screens together, compressed as a web server would. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Measurement } from './measurement.ts'

export function bundleSize(renderer: string): Measurement[] {
  const files = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(js|css|html)$/.test(name),
  )
  const contents = files.map((name) => readFileSync(join(renderer, name)))
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0) / 2 ** 20
  const plain = sum(contents.map(({ length }) => length))
  const result = sum(contents.map((content) => gzipSync(content, { level: 9 }).length))
  const baseline = { what: 'not compressed', value: plain }
  return [{ what: 'all code and styles of the page, gzipped', unit: 'MB', result, goal: 1.5, baseline }]
}
