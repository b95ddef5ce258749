// What a run is called by default: told from the others by what is changed in it, else by its seed or a number.
import { FIELDS } from '../../core/config/form/fields.ts'
import { changedSettings } from '../../core/config/form/values.ts'
import { readSeeds } from '../../core/config/form/seeds.ts'
import type { Draft } from './draft.ts'
import { runNames } from './naming.ts'

/** Characters that the table of runs shows where its column of names is narrowest. */
export const LONGEST = 38
const LONGEST_VALUE = 14
const LONGEST_PATH = 20

/**
 * Never longer than the table shows, with its seed and number; a name that stands on other runs' is cut before them.
 *
 * @param taken names of the runs that there are, and of those that wait
 */
export function suggestedName(draft: Pick<Draft, 'base' | 'settings' | 'seeds'>, taken: ReadonlySet<string>): string {
  const read = readSeeds(draft.seeds)
  const seeds = 'seeds' in read ? read.seeds : []
  const nameWith = (number: string): string => {
    const [longest = ''] = runNames(number, seeds).toSorted((a, b) => b.length - a.length)
    const room = LONGEST - Math.max(longest.length, `${ownSeed(seeds)}${number}`.length)
    const told = described(draft, room)
    const seed = saysSeed(told, seeds) ? '' : ownSeed(seeds)
    return `${told}${seed}${number}`
  }
  const isFree = (name: string) => runNames(name, seeds).every((one) => !taken.has(one))
  let name = nameWith('')
  for (let number = 2; !isFree(name); number++) name = nameWith(` (${number})`)
  return name
}

/** `quickstart, inner.kl 0.04 + 2 more`: as many changes as there is room for, at least one. */
function described({ base, settings }: Pick<Draft, 'base' | 'settings'>, room: number): string {
  const stem = base.kind === 'defaults' ? 'run' : base.name
  const changes = changedSettings(settings, base.settings).map(({ path, to }) => changeText(path, to))
  if (changes.length === 0) return base.kind === 'run' ? withEnd(stem, ' (copy)', room) : cut(stem, room)
  for (let count = changes.length; count > 1; count--) {
    const end = ending(changes, count)
    if (stem.length + end.length <= room) return stem + end
  }
  return withEnd(stem, ending(changes, 1), room)
}

function ending(changes: readonly string[], count: number): string {
  const more = changes.length - count
  return `, ${changes.slice(0, count).join(', ')}${more > 0 ? ` + ${more} more` : ''}`
}

const changeText = (path: string, value: unknown): string =>
  `${SHORT_PATHS.get(path) ?? path} ${cut(typeof value === 'string' ? value : JSON.stringify(value), LONGEST_VALUE)}`

/** By path: as much of its end as no other setting has, e.g. `outerRule`, `inner.kl`, `preTr…GradientSteps`. */
const SHORT_PATHS: ReadonlyMap<string, string> = new Map(
  FIELDS.map(({ path }) => {
    const keys = path.split('.')
    const ends = keys.map((_, i) => keys.slice(i).join('.')).toReversed()
    const isOwn = (end: string) => FIELDS.every((other) => other.path === path || !`.${other.path}`.endsWith(`.${end}`))
    return [path, cutInside(ends.find(isOwn) ?? path)]
  }),
)

/** Sections that have the same settings begin in their own ways. */
function cutInside(path: string): string {
  const beginning = 5
  return path.length <= LONGEST_PATH ? path : `${path.slice(0, beginning)}…${path.slice(beginning + 1 - LONGEST_PATH)}`
}

/** What a name begins with says less than what it ends with. */
const withEnd = (stem: string, end: string, room: number): string =>
  cut(cut(stem, Math.max(SHORTEST_STEM, room - end.length)) + end, room)

const SHORTEST_STEM = 4

const cut = (text: string, room: number): string =>
  text.length <= room ? text : `${text.slice(0, room - 1).trimEnd()}…`

/** Several seeds get theirs with the runs' names; the first one goes without saying. */
const ownSeed = ([seed, ...others]: readonly number[]): string =>
  seed === undefined || seed === 1 || others.length > 0 ? '' : `, seed ${seed}`

const saysSeed = (name: string, [seed]: readonly number[]): boolean => new RegExp(`\\bseed ${seed}\\b`).test(name)
