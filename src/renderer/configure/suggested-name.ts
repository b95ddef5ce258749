// What a run is called by default: told from the others by what is changed in it, else by its seed or a number.
import { changedSettings } from '../../core/config/form/values.ts'
import { readSeeds } from '../../core/config/form/seeds.ts'
import type { Draft } from './draft.ts'
import { runNames } from './naming.ts'

/** Leaves room for a seed and a number within the 80 characters that a name may have. */
const LONGEST = 60
const LONGEST_VALUE = 16

/** @param taken names of the runs that there are, and of those that wait */
export function suggestedName(draft: Pick<Draft, 'base' | 'settings' | 'seeds'>, taken: ReadonlySet<string>): string {
  const read = readSeeds(draft.seeds)
  const seeds = 'seeds' in read ? read.seeds : []
  const isFree = (name: string) => runNames(name, seeds).every((one) => !taken.has(one))
  const told = withSeed(described(draft), seeds)
  let name = told
  for (let number = 2; !isFree(name); number++) name = `${told} (${number})`
  return name
}

/** `quickstart, inner.kl 0.04`: as many changes as there is room for, else how many they are. */
function described({ base, settings }: Pick<Draft, 'base' | 'settings'>): string {
  const stem = base.kind === 'defaults' ? 'run' : base.name.slice(0, LONGEST)
  const changes = changedSettings(settings, base.settings).map(({ path, to }) => changeText(path, to))
  if (changes.length === 0) return base.kind === 'run' ? `${stem} (copy)` : stem
  const whole = [stem, ...changes].join(', ')
  return whole.length <= LONGEST ? whole : `${stem}, ${changes.length} changed`
}

function changeText(path: string, value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text === undefined || text.length > LONGEST_VALUE ? path : `${path} ${text}`
}

/** Several seeds get theirs with the runs' names; the first one goes without saying. */
function withSeed(name: string, seeds: readonly number[]): string {
  const [seed] = seeds
  if (seeds.length !== 1 || seed === 1 || new RegExp(`\\bseed ${seed}\\b`).test(name)) return name
  return `${name}, seed ${seed}`
}
