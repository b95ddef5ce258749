/**
 * npm run bench -- [names...] [--json] [--minutes N]: runs the benchmarks one after the other, each in a process of its
 * own. `--minutes` is for `app`: how long live updates are watched.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const BENCHMARKS = {
  simulator: 'env steps per second, fast against reference physics',
  'trpo-update': 'the TRPO update by phase, against tfjs and, where given, PyTorch',
  training: 'meta-iterations per minute, scaling from 1 to 2 workers, memory',
  episodes: 'recorded episodes: bytes, time to encode and decode, lists of 10,000',
  comparison: 'all numbers of a comparison, and 10,000 bootstrap resamples of its pictures',
  app: 'the interface in Chromium: start, 10,000 runs, 1,000,000 points, live updates (needs npm run build)',
  'physics-equivalence': 'is fast physics biased? (about ten minutes)',
} as const
type Name = keyof typeof BENCHMARKS

const { values, positionals: names } = parseArgs({
  options: { json: { type: 'boolean', default: false }, minutes: { type: 'string' } },
  allowPositionals: true,
})
const unknown = names.filter((name) => !(name in BENCHMARKS))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are:`)
  for (const [name, what] of Object.entries(BENCHMARKS)) console.error(`  ${name.padEnd(20)} ${what}`)
  process.exit(2)
}
const { json } = values
const chosen = names.length > 0 ? (names as Name[]) : (['simulator', 'trpo-update', 'training'] as const)

for (const name of chosen) {
  if (!json) console.log(`\n${name}: ${BENCHMARKS[name]}`)
  const entry = fileURLToPath(new URL(`${name}.ts`, import.meta.url))
  // With --json the only thing on stdout is the results that the benchmarks write.
  const options = name === 'app' && values.minutes !== undefined ? ['--minutes', values.minutes] : []
  const { status } = spawnSync(process.execPath, [entry, ...options], {
    stdio: ['ignore', json ? 2 : 'inherit', 'inherit'],
  })
  if (status !== 0) process.exit(1)
  if (json) {
    const result = JSON.parse(readFileSync(new URL(`results/${name}.json`, import.meta.url), 'utf8')) as unknown
    console.log(JSON.stringify({ benchmark: name, result }))
  }
}
