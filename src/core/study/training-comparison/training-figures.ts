/** Trainings beside each other as figures and a table for paper: the page's numbers, groups and colours. */
import type { ComparisonLayout } from '../comparison/layout.ts'
import { counted } from '../figures/caption.ts'
import type { CurvesPanel, Figure, Reference, ScatterPanel, Series } from '../figure-data.ts'
import { column, tableOf, type StudyTable } from '../figures/tables/table.ts'
import { METRICS, type MetricName } from '../../training/records.ts'
import { groupResult, settingAxis, type GroupResult, type SettingAxis } from './groups.ts'
import { AXIS_NAMES, curvesMeaning, isAxis, metricCurves, type MetricCurve, type OverlaidRun } from './metric-curves.ts'
import {
  BEST,
  isEpisodeCost,
  resultValues,
  shownLimits,
  trainingGroups,
  USUAL_METRICS,
  usualGroupBy,
  type TrainingGroup,
  type TrainingResults,
} from './training-groups.ts'

export interface ComparedTrainings {
  readonly title: string
  readonly results: TrainingResults
  readonly overlaid: readonly OverlaidRun[]
  /** Cost limits of the runs. */
  readonly costLimits: readonly number[]
}

export interface TrainingChoice {
  readonly metrics: readonly MetricName[]
  /** An axis or a metric. */
  readonly x: string
  readonly groupBy: readonly string[] | undefined
  /** `best` or a metric. */
  readonly result: string
}

const isMetric = (name: string): name is MetricName => Object.hasOwn(METRICS, name)

/** As kept with a comparison; metrics that this version does not know are left out. */
export function trainingChoice({
  metrics,
  x,
  groupBy,
  result,
}: NonNullable<ComparisonLayout['training']>): TrainingChoice {
  return {
    metrics: (metrics ?? USUAL_METRICS).filter(isMetric),
    x: x !== undefined && (isAxis(x) || isMetric(x)) ? x : 'iteration',
    groupBy,
    result: result !== undefined && isMetric(result) ? result : BEST,
  }
}

/** Metrics whose series such a choice draws. */
export const seriesNeeded = ({ metrics, x }: TrainingChoice): MetricName[] => [
  ...new Set([...metrics, ...(isMetric(x) ? [x] : [])]),
]

/** Metrics whose results it tells. */
export const resultsNeeded = ({ metrics, result }: TrainingChoice): MetricName[] => [
  ...new Set([...metrics, ...(isMetric(result) ? [result] : [])]),
]

/** More axes cannot be read. */
const MOST_SETTINGS = 9

export function trainingFigures(trainings: ComparedTrainings, choice: TrainingChoice): Figure[] {
  const { title, results } = trainings
  const groups = groupsOf(trainings, choice)
  const values = resultValues(results, choice.result)
  const shown = results.settings
    .filter(({ path }) => choice.groupBy === undefined || choice.groupBy.includes(path))
    .slice(0, MOST_SETTINGS)
    .map(settingAxis)
  const name = choice.result === BEST ? 'best return within d' : `${choice.result}, last tenth`
  const present = values.filter((value) => value !== null).length
  const some = `${present} of ${counted(results.runs.length, 'run')} have this result.`
  const settings: Figure[] =
    shown.length === 0 || present === 0
      ? []
      : [
          {
            id: 'settings',
            title: `${title}: settings of training and results`,
            caption: `${some} Each line is one run, the lighter the higher its result: no band.`,
            panels: [
              {
                kind: 'parallel',
                title: '',
                axes: [...shown, { path: name, kind: 'linear', values }],
                names: results.runs.map((run) => run.name),
              },
            ],
          },
          {
            id: 'setting-results',
            title: `${title}: each setting of training against the result`,
            caption: `${some} Each point is one, without a band.`,
            panels: shown.map((axis) => settingPanel(axis, name, values, groups, results)),
            columns: Math.min(2, shown.length),
          },
        ]
  return [...curveFigure(trainings, choice, groups), ...settings]
}

const groupsOf = ({ results: { runs, settings } }: ComparedTrainings, { groupBy }: TrainingChoice): TrainingGroup[] =>
  trainingGroups(runs, settings, groupBy ?? usualGroupBy(settings))

function curveFigure(
  { title, results, overlaid, costLimits }: ComparedTrainings,
  choice: TrainingChoice,
  groups: readonly TrainingGroup[],
): Figure[] {
  const { metrics, x } = choice
  const limits = shownLimits(costLimits).map((value): Reference => ({ label: `cost limit d = ${value}`, value }))
  const label = isAxis(x) ? AXIS_NAMES[x].toLowerCase() : METRICS[x as MetricName]
  const drawn = metrics
    // Against itself a metric is a diagonal.
    .filter((metric) => metric !== x)
    .map((metric) => ({ metric, curves: metricCurves(overlaid, results.runs, groups, metric, x) }))
    .filter(({ curves }) => curves.groups.length + curves.runs.length > 0)
  if (drawn.length === 0) return []
  const several = groups.filter(({ runs }) => runs.length > 1)
  const sizes =
    several.length === 0 || !isAxis(x)
      ? ''
      : ` N: ${several.map(({ name, runs }) => `${name} ${runs.length}`).join(', ')}.`
  return [
    {
      id: 'training',
      title: `${title}: training`,
      caption: `${curvesMeaning(groups, x, overlaid).replace(', N in parentheses,', ',')}${sizes}`,
      panels: drawn.map(({ metric, curves }): CurvesPanel => ({
        kind: 'curves',
        title: capitalised(METRICS[metric].replace(/ \(.*\)$/, '')),
        x: { label },
        y: { label: inWords(metric) },
        ...(isAxis(x)
          ? {
              series: groups.map((group) =>
                seriesOf(
                  group,
                  curves.groups.find(({ id }) => id === `group/${group.name}`),
                ),
              ),
            }
          : { turning: true, series: curves.runs.map((curve) => seriesOf(curve, curve)) }),
        references: isEpisodeCost(metric) ? limits : [],
      })),
      columns: 2,
    },
  ]
}

/** A group that records no such metric keeps its place in the legend, and so every group its look. */
function seriesOf(
  { name, role }: Pick<Series, 'role'> & { readonly name: string },
  curve: MetricCurve | undefined,
): Series {
  if (curve === undefined) return { label: name, role, x: [], mean: [] }
  const { x, y, low, high, count } = curve
  const band = low !== undefined && high !== undefined ? { low: [...low], high: [...high] } : {}
  return { label: name, role, x: [...x], mean: [...y], ...band, n: count }
}

function settingPanel(
  axis: SettingAxis,
  name: string,
  values: readonly (number | null)[],
  groups: readonly TrainingGroup[],
  { runs }: TrainingResults,
): ScatterPanel {
  const { path, kind } = axis
  return {
    kind: 'scatter',
    title: path,
    x: {
      label: path,
      ...(kind === 'category' ? { categories: axis.categories } : {}),
      ...(kind === 'logarithmic' ? { logarithmic: true } : {}),
    },
    y: { label: name },
    groups: groups.map(({ name: label, role, runs: members }) => ({
      ...{ label, role },
      points: members.flatMap((run) => {
        const [x, y] = [axis.values[run] ?? null, values[run] ?? null]
        return x === null || y === null ? [] : [{ x, y, name: runs[run]!.name }]
      }),
    })),
  }
}

/** Mean and deviation over the runs of each group: at best, and metric by metric. */
export function trainingTables(trainings: ComparedTrainings, choice: TrainingChoice): StudyTable[] {
  const { results } = trainings
  const groups = groupsOf(trainings, choice)
  const of = ({ runs }: TrainingGroup, values: readonly (number | null)[]) =>
    groupResult(runs.map((run) => values[run]!))
  const rows = results.metrics
    .filter(({ metric }) => choice.metrics.some((one) => one === metric))
    .flatMap(({ metric, values }) => groups.map((group) => ({ group, metric, values })))
  type Row = (typeof rows)[number]
  return [
    tableOf(
      'Best iterations of trainings',
      groups,
      [
        column<TrainingGroup>('group', ({ name }) => name),
        column<TrainingGroup>('runs', ({ runs }) => runs.length),
        ...two<TrainingGroup>('best return within d', (group) =>
          of(
            group,
            results.best.map((one) => one.return),
          ),
        ),
        ...two<TrainingGroup>('cost there', (group) =>
          of(
            group,
            results.best.map(({ cost }) => cost),
          ),
        ),
      ],
      [`${DEVIATION} Best: the highest return of an iteration within the cost limit d.`],
    ),
    tableOf(
      'Results of trainings',
      rows,
      [
        column<Row>('metric', ({ metric }) => inWords(metric)),
        column<Row>('group', ({ group }) => group.name),
        column<Row>('runs', ({ group }) => group.runs.length),
        ...(['last', 'late', 'mean'] as const).flatMap((part) =>
          two<Row>(PARTS[part], ({ group, values }) =>
            of(
              group,
              values.map((one) => one[part]),
            ),
          ),
        ),
      ],
      [DEVIATION],
    ),
  ]
}

const DEVIATION = 'SD: one standard deviation over the runs of a group; one run alone has none.'
const PARTS = { last: 'last iteration', late: 'last tenth', mean: 'all iterations' } as const

const two = <Row>(name: string, of: (row: Row) => GroupResult) => [
  column<Row>(name, (row) => of(row).mean),
  column<Row>(`${name}, SD`, (row) => of(row).deviation),
]

const capitalised = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

/** `costAfter`: `cost after` */
const inWords = (metric: string): string => metric.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
