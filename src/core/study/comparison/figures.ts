/** A comparison as figures for paper: the same numbers as the page's charts, drawn by whatever draws figures. */
import type { CurvesPanel, Estimate as Row, Figure, IntervalsPanel, ProfilePanel, Reference } from '../figure-data.ts'
import { counted } from '../figures/caption.ts'
import type { Difference } from './improvement.ts'
import type { Estimate } from '../statistics/estimate.ts'
import { SCORE_MEANING } from '../statistics/normalised-score.ts'
import { shareBand } from '../statistics/share.ts'
import type { BandKind } from './band-kinds.ts'
import { bands, feasibleShares, meaningsOf, type Bands, type Bootstrap } from './bands.ts'
import { TASK_ORIGINS, type ShownQuantity } from './cube.ts'
import { improvementMatrix, pairedDifferences } from './improvement.ts'
import { hasScores, shownInitialisations, type ComparedPart } from './part.ts'
import { profiles, type Profiles } from './profiles.ts'
import { costTables, violations, type CostAtStep } from './safety.ts'
import { heatMapFigure, scatterFigure, type TaskChoice } from './task-figures.ts'

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

export interface FigureChoice extends TaskChoice {
  readonly band: BandKind
  readonly bootstrap: Bootstrap
  /** Beside the cost limit. */
  readonly references?: readonly (Reference & { readonly quantity: 'return' | 'cost' })[]
  /** What they are, for the caption. */
  readonly referenceKey?: string | null
}

/** All that the page shows of adaptation, in its order. */
export function comparisonFigures(part: ComparedPart, facts: ComparedFacts, choice: FigureChoice): Figure[] {
  if (part.initialisations.length === 0) return []
  const several = part.initialisations.length > 1
  const described = describePart(part, facts).join(' ')
  return [
    adaptationFigure(part, facts, choice),
    scatterFigure(part, facts.title, described, choice),
    heatMapFigure(part, facts.title, described, choice),
    profileFigure(part, facts, choice.bootstrap),
    ...(several ? [improvementFigure(part, facts, choice.bootstrap)] : []),
    costFigure(part, facts, choice),
    safetyFigure(part, facts, choice.bootstrap),
    ...(several ? [differenceFigure(part, facts, choice.bootstrap)] : []),
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

const limitOf = ({ cube }: ComparedPart): Reference => ({
  label: `cost limit d = ${cube.costLimit}`,
  value: cube.costLimit,
})

function adaptationFigure(part: ComparedPart, facts: ComparedFacts, choice: FigureChoice): Figure {
  const { band, bootstrap, logarithmicCost = false, references = [], referenceKey = null } = choice
  const limit = limitOf(part)
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
      {
        ...profilePanel('Profile of cost', { label: 'episode cost', unit: 'steps' }, 'share at most', costs),
        references: [limitOf(part)],
      },
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

/** What cost does on the way: on average, on the worst tasks, and how many keep the limit. */
function costFigure(part: ComparedPart, facts: ComparedFacts, choice: FigureChoice): Figure {
  const all = costTables(part, choice.bootstrap)
  const panel = (title: string, y: CurvesPanel['y'], figure: 'mean' | 'tail' | 'worst' | 'feasible'): CurvesPanel => ({
    kind: 'curves',
    title,
    x: STEPS,
    y,
    series: all.map(({ label, role, steps }) => stepSeries({ label, role }, steps, (at) => at[figure])),
    ...(figure === 'feasible' ? {} : { references: [limitOf(part)] }),
    ...(figure !== 'feasible' && choice.logarithmicCost ? { logarithmic: true } : {}),
  })
  const shares = all.flatMap(({ steps }) => steps.map(({ feasible }) => feasible))
  const cost = { label: 'episode cost', unit: 'steps' }
  return {
    id: 'cost-steps',
    title: `${facts.title}: cost at every adaptation step`,
    caption: captionOf(
      part,
      facts,
      `Bands: ${all[0]!.steps[0]!.mean.band}. Shares: ${shareBand(shares)}. CVaR: mean of the worst tenth of tasks. The ` +
        'worst task is that of each run seed, mean over run seeds; it has no interval.',
    ),
    panels: [
      panel('Mean cost', cost, 'mean'),
      panel('Worst tenth of tasks (CVaR 10 %)', cost, 'tail'),
      panel('Worst task', cost, 'worst'),
      panel('Feasible share', { label: 'share with cost at most d' }, 'feasible'),
    ],
    columns: 2,
  }
}

function stepSeries(
  of: Pick<Row, 'label' | 'role'>,
  steps: readonly CostAtStep[],
  pick: (at: CostAtStep) => Estimate,
): CurvesPanel['series'][number] {
  const estimates = steps.map(pick)
  const hasBand = estimates.every(({ low, high }) => low !== null && high !== null)
  return {
    ...of,
    x: steps.map(({ step }) => step),
    mean: estimates.map(({ value }) => value),
    ...(hasBand ? { low: estimates.map(({ low }) => low!), high: estimates.map(({ high }) => high!) } : {}),
    n: estimates.map(({ runs, tasks }) => runs * tasks),
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

/** First less second, every pair. */
function differenceFigure(part: ComparedPart, facts: ComparedFacts, bootstrap: Bootstrap): Figure {
  const [returns, costs] = (['return', 'cost'] as const).map((quantity) =>
    pairedDifferences(part, quantity, 'mean', bootstrap),
  )
  const roles = new Map(shownInitialisations(part).map(({ label, role }) => [label, role]))
  const panel = (title: string, label: string, all: readonly Difference[]): IntervalsPanel => ({
    kind: 'intervals',
    title,
    x: { label },
    estimates: all.map(({ first, second, crossed }) =>
      rowOf({ label: `${first} − ${second}`, role: roles.get(first)! }, crossed),
    ),
    references: [{ label: 'no difference', value: 0 }],
  })
  return {
    id: 'differences',
    title: `${facts.title}: paired differences, mean over steps`,
    caption: captionOf(part, facts, `Bars: ${returns![0]!.crossed.band}.`),
    panels: [
      panel('Return, first less second', 'difference of return', returns!),
      panel('Cost, first less second', 'difference of cost', costs!),
    ],
    columns: 1,
  }
}
