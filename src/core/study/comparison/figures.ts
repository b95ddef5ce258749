/** A comparison as figures for paper: the same numbers as the page's charts, drawn by whatever draws figures. */
import type { CurvesPanel, Estimate as Row, Figure, IntervalsPanel, ProfilePanel, Reference } from '../figure-data.ts'
import { counted } from '../figures/caption.ts'
import type { Estimate } from '../statistics/estimate.ts'
import { SCORE_MEANING } from '../statistics/normalised-score.ts'
import { shareBand } from '../statistics/share.ts'
import type { BandKind } from './band-kinds.ts'
import { bands, feasibleShares, meaningsOf, type Bands, type Bootstrap } from './bands.ts'
import { TASK_ORIGINS, type ShownQuantity } from './cube.ts'
import { improvementMatrix } from './improvement.ts'
import { hasScores, shownInitialisations, type ComparedPart } from './part.ts'
import { profiles, type Profiles } from './profiles.ts'
import { violations } from './safety.ts'

/** What figures and tables say of how the numbers came about. */
export interface ComparedFacts {
  readonly title: string
  readonly world: string
  /** What is fine-tuned with. */
  readonly algorithm: string
  readonly horizon: number
  /** Whole episodes behind each value. */
  readonly episodes: number
}

export interface FigureChoice {
  readonly band: BandKind
  readonly bootstrap: Bootstrap
  readonly logarithmicCost?: boolean
  /** Beside the cost limit. */
  readonly references?: readonly (Reference & { readonly quantity: 'return' | 'cost' })[]
  /** What they are, for the caption. */
  readonly referenceKey?: string | null
}

export function comparisonFigures(part: ComparedPart, facts: ComparedFacts, choice: FigureChoice): Figure[] {
  if (part.initialisations.length === 0) return []
  const several = part.initialisations.length > 1
  return [
    adaptationFigure(part, facts, choice),
    profileFigure(part, facts, choice.bootstrap),
    safetyFigure(part, facts, choice.bootstrap),
    ...(several ? [improvementFigure(part, facts, choice.bootstrap)] : []),
  ]
}

/** N, tasks, protocol and limit, in sentences. */
export function describePart(part: ComparedPart, { world, algorithm, horizon, episodes }: ComparedFacts): string[] {
  const { cube, tasks, replicates, leftOut, waiting } = part
  const origins = TASK_ORIGINS.flatMap((origin) => {
    const count = tasks.filter((task) => cube.tasks[task]!.origin === origin).length
    return count === 0 ? [] : [`${count} ${origin}`]
  })
  return [
    `N = ${counted(tasks.length, 'task')} of ${world} (${origins.join(', ')}) and ${counted(replicates.length, 'seed')}.`,
    `${algorithm}, ${counted(cube.steps, 'step')} of ${counted(episodes, 'episode')} with horizon ${horizon}.`,
    `Cost limit d = ${cube.costLimit} per episode.`,
    ...(waiting.length > 0 ? [`Nothing to compare yet: ${waiting.join(', ')}.`] : []),
    ...(leftOut > 0
      ? [`${counted(leftOut, 'result')} left out: not every initialisation has the same task and seed.`]
      : []),
  ]
}

const captionOf = (part: ComparedPart, facts: ComparedFacts, ...meanings: string[]): string =>
  [describePart(part, facts).join(' '), ...new Set(meanings)].join('\n')

const STEPS = { label: 'adaptation step' }

function adaptationFigure(part: ComparedPart, facts: ComparedFacts, choice: FigureChoice): Figure {
  const { band, bootstrap, logarithmicCost = false, references = [], referenceKey = null } = choice
  const limit = { label: `cost limit d = ${part.cube.costLimit}`, value: part.cube.costLimit }
  const own = (quantity: 'return' | 'cost') => references.filter((reference) => reference.quantity === quantity)
  const returns = bands(part, 'return', band, bootstrap)
  const costs = bands(part, 'cost', band, bootstrap)
  const shares = feasibleShares(part, bootstrap)
  const panel = (title: string, y: CurvesPanel['y'], of: Bands, levels: readonly Reference[]): CurvesPanel => ({
    kind: 'curves',
    title,
    x: STEPS,
    y,
    series: curvesOf(of),
    references: levels,
  })
  return {
    id: 'adaptation',
    title: facts.title,
    caption: captionOf(
      part,
      facts,
      ...meaningsOf([
        ['Return', returns],
        ['Cost', costs],
        ['Feasible', shares],
      ]),
      ...(referenceKey === null ? [] : [referenceKey]),
    ),
    panels: [
      panel('Return', { label: 'episode return' }, returns, own('return')),
      {
        ...panel('Cost', { label: 'episode cost', unit: 'steps' }, costs, [limit, ...own('cost')]),
        ...(logarithmicCost ? { logarithmic: true } : {}),
      },
      panel('Feasible tasks', { label: 'share with cost at most d' }, shares, []),
    ],
  }
}

const curvesOf = ({ curves, tasks, replicates }: Bands): CurvesPanel['series'] =>
  curves.map(({ label, role, value, low, high }) => ({
    label,
    role,
    x: [...value.keys()],
    mean: [...value],
    ...(low && high ? { low: [...low], high: [...high] } : {}),
    n: tasks * replicates,
  }))

function profileFigure(part: ComparedPart, facts: ComparedFacts, bootstrap: Bootstrap): Figure {
  const quantity: ShownQuantity = hasScores(part) ? 'score' : 'return'
  const { steps } = part.cube
  const [scores, costs] = [profiles(part, quantity, steps, bootstrap), profiles(part, 'cost', steps, bootstrap)]
  const label = quantity === 'score' ? 'normalised score' : 'episode return'
  return {
    id: 'profiles',
    title: `${facts.title}: performance profiles after step ${steps}`,
    caption: captionOf(part, facts, ...(quantity === 'score' ? [SCORE_MEANING] : []), scores.meaning, costs.meaning),
    panels: [
      profilePanel(`Profile of ${label}`, { label }, 'share above', scores),
      profilePanel('Profile of cost', { label: 'episode cost', unit: 'steps' }, 'share at most', costs),
    ],
  }
}

function profilePanel(title: string, x: ProfilePanel['x'], y: string, profile: Profiles): ProfilePanel {
  const { taus, curves, tasks, replicates } = profile
  return {
    kind: 'profile',
    title,
    x,
    y: { label: y },
    series: curves.map(({ label, role, value, low, high }) => ({
      label,
      role,
      x: [...taus],
      mean: [...value],
      ...(low && high ? { low: [...low], high: [...high] } : {}),
      n: tasks * replicates,
    })),
  }
}

function safetyFigure(part: ComparedPart, facts: ComparedFacts, bootstrap: Bootstrap): Figure {
  const all = violations(part, bootstrap)
  const panel = (title: string, label: string, of: (one: (typeof all)[number]) => Estimate): IntervalsPanel => ({
    kind: 'intervals',
    title,
    x: { label },
    estimates: all.map((one) => rowOf(one, of(one))),
  })
  return {
    id: 'safety',
    title: `${facts.title}: violation over adaptation`,
    caption: captionOf(
      part,
      facts,
      `Bars: ${all[0]!.total.band}. Shares: ${shareBand(all.map(({ share }) => share))}. The worst task has no interval.`,
    ),
    panels: [
      panel('Cumulative violation', 'sum over steps of cost above d', ({ total }) => total),
      panel('Violating task-steps', 'share with cost above d', ({ share }) => share),
      panel('Worst tenth of tasks (CVaR 10 %)', 'cumulative violation', ({ tail }) => tail),
      panel('Worst task', 'cumulative violation', ({ worst }) => worst),
    ],
    columns: 2,
  }
}

function rowOf({ label, role }: Pick<Row, 'label' | 'role'>, { value, low, high, runs, tasks }: Estimate): Row {
  const n = runs * tasks
  return low === null || high === null ? { label, role, value, n } : { label, role, value, low, high, n }
}

/** Of the first initialisation over each other one. */
function improvementFigure(part: ComparedPart, facts: ComparedFacts, bootstrap: Bootstrap): Figure {
  const [first, ...others] = shownInitialisations(part)
  const [returns, costs] = (['return', 'cost'] as const).map((quantity) =>
    improvementMatrix(part, quantity, 'mean', bootstrap),
  )
  const panel = (title: string, row: readonly (Estimate | null)[]): IntervalsPanel => ({
    kind: 'intervals',
    title,
    x: { label: 'probability of improvement' },
    estimates: others.map((other, i) => rowOf(other, row[i + 1]!)),
    references: [{ label: 'no difference', value: 0.5 }],
  })
  return {
    id: 'improvement',
    title: `${facts.title}: probability of improvement`,
    caption: captionOf(part, facts, returns!.meaning, costs!.meaning),
    panels: [
      panel(`Higher return: ${first!.label} against`, returns!.cells[0]!),
      panel(`Lower cost: ${first!.label} against`, costs!.cells[0]!),
    ],
    columns: 2,
  }
}
