/**
 * Worlds that differ from one of the known in size or in their objects, written as short texts that fit an address:
 * `environment-1`, `environment-1+vases-cost`, `environment-2+extent=2.5+hazards=14+vases=4`.
 */
import { countObjects, withVasesConstrained, worlds, type ObjectSet, type World, type WorldName } from './world.ts'

export interface WorldVariant {
  readonly base: WorldName
  /** Metres; of the base where it is missing, as are the others. */
  readonly extent?: number
  readonly hazards?: number
  readonly vases?: number
  readonly vasesConstrained?: true
}

/** What a variant may have. More objects than this are not drawn on a small map either. */
export const variantBounds = {
  extent: { min: 1, max: 6 },
  hazards: { min: 0, max: 60 },
  vases: { min: 0, max: 60 },
} as const

/**
 * Share of the placing area that the keep-out discs may cover. Discs placed one after the other jam at 0.547 (J. Feder,
 * Random sequential adsorption, J. Theor. Biol. 87, 1980, https://doi.org/10.1016/0022-5193(80)90358-6); far below it, the
 * sampler seldom starts again.
 */
const DENSEST = 0.35

export function formatVariant({ base, extent, hazards, vases, vasesConstrained }: WorldVariant): string {
  return [
    base,
    ...(extent === undefined ? [] : [`extent=${extent}`]),
    ...(hazards === undefined ? [] : [`hazards=${hazards}`]),
    ...(vases === undefined ? [] : [`vases=${vases}`]),
    ...(vasesConstrained ? ['vases-cost'] : []),
  ].join('+')
}

/** null where the text describes no world that can be laid out. */
export function parseVariant(text: string): WorldVariant | null {
  const [base = '', ...parts] = text.split('+')
  if (!isWorldName(base)) return null
  let variant: WorldVariant = { base }
  for (const part of parts) {
    const [, name, number] = /^(extent|hazards|vases)=(\d{1,3}(?:\.\d{1,3})?)$/.exec(part) ?? []
    if (part === 'vases-cost') variant = { ...variant, vasesConstrained: true }
    else if (name === undefined) return null
    else variant = { ...variant, [name]: Number(number) }
  }
  return variantProblem(variant) === null ? normalised(variant) : null
}

const isWorldName = (name: string): name is WorldName => Object.hasOwn(worlds, name)

/** Why the variant cannot be laid out, in words; null where it can. */
export function variantProblem(variant: WorldVariant): string | null {
  for (const name of ['extent', 'hazards', 'vases'] as const) {
    const value = variant[name]
    const { min, max } = variantBounds[name]
    if (value === undefined) continue
    if (name !== 'extent' && !Number.isInteger(value)) return `The number of ${name} must be whole.`
    if (!(value >= min && value <= max)) return `${name} must be between ${min} and ${max}.`
  }
  const { extent, robot, goal, objects } = variantWorld(variant)
  const keepouts = [robot, goal, ...objects.flatMap((set) => Array.from({ length: set.count }, () => set))]
  const covered = keepouts.reduce((sum, { keepout }) => sum + Math.PI * keepout ** 2, 0)
  return covered <= DENSEST * (2 * extent) ** 2
    ? null
    : 'So many objects do not fit: fewer of them, or a larger extent, would.'
}

/** Without what the base has anyway, so that equal worlds are written alike. */
function normalised({ base, extent, hazards, vases, vasesConstrained }: WorldVariant): WorldVariant {
  const world = worlds[base]
  const costs = vasesConstrained && world.objects.some(({ kind, constrained }) => kind === 'vase' && !constrained)
  return {
    base,
    ...(extent === undefined || extent === world.extent ? {} : { extent }),
    ...(hazards === undefined || hazards === countObjects(world, 'hazard') ? {} : { hazards }),
    ...(vases === undefined || vases === countObjects(world, 'vase') ? {} : { vases }),
    ...(costs ? { vasesConstrained } : {}),
  }
}

/** Whether runs can have results on its tasks: its layouts are those of its base. */
export const hasOwnLayouts = ({ extent, hazards, vases }: WorldVariant): boolean =>
  extent !== undefined || hazards !== undefined || vases !== undefined

export function variantWorld(variant: WorldVariant): World {
  const { base, extent, hazards, vases, vasesConstrained } = variant
  const known: World = worlds[base]
  if (!hasOwnLayouts(variant)) return vasesConstrained ? withVasesConstrained(known, true) : known
  const counts = { hazard: hazards, vase: vases }
  const world: World = {
    ...known,
    name: formatVariant(variant),
    extent: extent ?? known.extent,
    objects: known.objects.map((set): ObjectSet => ({ ...set, count: counts[set.kind] ?? set.count })),
  }
  const titled = { ...world, title: titleOf(world) }
  return vasesConstrained ? withVasesConstrained(titled, true) : titled
}

function titleOf(world: World): string {
  const objects = (['hazard', 'vase'] as const).map((kind) => {
    const count = countObjects(world, kind)
    return `${count} ${kind}${count === 1 ? '' : 's'}`
  })
  return `Own world (${objects.join(', ')}, ${2 * world.extent} m wide)`
}
