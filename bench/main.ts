/** npm run bench -- [names...] [--json]: runs the benchmarks one after the other, each in a process of its own. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const BENCHMARKS = {
  simulator: 'env steps per second, fast against reference physics',
  'trpo-update': 'the TRPO update by phase, against tfjs and, where given, PyTorch',
  training: 'meta-iterations per minute, scaling from 1 to 2 workers, memory',
  'physics-equivalence': 'is fast physics biased? (about ten minutes)',
} as const
type Name = keyof typeof BENCHMARKS

const names = process.argv.slice(2).filter((argument) => argument !== '--json')
const unknown = names.filter((name) => !(name in BENCHMARKS))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are:`)
  for (const [name, what] of Object.entries(BENCHMARKS)) console.error(`  ${name.padEnd(20)} ${what}`)
  process.exit(2)
}
const json = process.argv.includes('--json')
const chosen = names.length > 0 ? (names as Name[]) : (['simulator', 'trpo-update', 'training'] as const)

for (const name of chosen) {
  if (!json) console.log(`\n${name}: ${BENCHMARKS[name]}`)
  const entry = fileURLToPath(new URL(`${name}.ts`, import.meta.url))
  // With --json the only thing on stdout is the results that the benchmarks write.
  const { status } = spawnSync(process.execPath, [entry], { stdio: ['ignore', json ? 2 : 'inherit', 'inherit'] })
  if (status !== 0) process.exit(1)
  if (json) {
    const result = JSON.parse(readFileSync(new URL(`results/${name}.json`, import.meta.url), 'utf8')) as unknown
    console.log(JSON.stringify({ benchmark: name, result }))
  }
}
