/** Fine-tunings of the database that belong together: what its studies offer to be compared. */
import { parseRunConfig } from '../../../core/config/parse.ts'
import type { RunConfig } from '../../../core/config/settings.ts'
import { arms } from '../../../core/study/plan/arms.ts'
import { fineTuningAlgorithm } from '../../../core/study/plan/fine-tuning-algorithm.ts'
import { merge } from '../../../core/study/plan/plan.ts'
import { SCALE_NAMES, scaleOf, type ScaleName } from '../../../core/study/plan/scales.ts'
import { isValidation, paperStudyOf, STUDY_IDS, type PaperStudyId } from '../../../core/study/plan/studies.ts'
import { heldOutTasks, trainingTasks } from '../../../core/training/tasks.ts'
import type { Run, Store } from '../../store/store.ts'
import { counted } from '../conclusion.ts'
import { loadConfigurationSource } from '../configuration.ts'
import { InvalidRequest } from '../invalid-request.ts'
import { protocolFacts } from '../study/matching.ts'
import type { SuggestedComparison } from '../../../core/study/comparison/compared-data.ts'

/** Fine-tunings that are looked at, the newest. */
const MOST_RUNS = 1000

interface FineTuning {
  readonly run: Run
  readonly labels: readonly string[]
}

/** Fine-tunings of one protocol on the same tasks. */
interface Protocol {
  readonly config: RunConfig
  readonly tasks: readonly number[]
  readonly scale: ScaleName | null
  readonly fineTunings: readonly FineTuning[]
}

/** Those with the most results first; of several studies with the same runs, the first. */
export function suggestComparisons(store: Store): SuggestedComparison[] {
  const all = protocolsIn(store).flatMap((protocol) => [
    ...(drawsAsStudies(protocol) ? ofStudies(protocol) : []),
    suggestion(protocol, null),
  ])
  const offered = all.filter((one) => one !== null && one.labels.length > 1) as SuggestedComparison[]
  const byRuns = new Map<string, SuggestedComparison>()
  for (const one of offered) {
    const key = [...one.runs].sort().join()
    if (!byRuns.has(key)) byRuns.set(key, one)
  }
  return [...byRuns.values()].sort((a, b) => b.done - a.done)
}

/** What the database has of a study. @throws InvalidRequest where that is nothing */
export function comparisonOfStudy(store: Store, study: string, scale: ScaleName): SuggestedComparison {
  const found = protocolsIn(store)
    .filter((protocol) => protocol.scale === scale)
    .flatMap((protocol) => ofStudies(protocol).map((one) => ({ ...one, isWhole: drawsAsStudies(protocol) })))
    .filter((one) => one.study === study)
    // A study may have been run with tasks that somebody named.
    .sort((a, b) => Number(b.isWhole) - Number(a.isWhole) || b.done - a.done)[0]
  if (found === undefined)
    throw new InvalidRequest(`The database has no results of ${study} at scale ${scale} that could be compared yet.`)
  return found
}

function protocolsIn(store: Store): Protocol[] {
  const scaleOfConfig = scaleFinder()
  const runs = store
    .runs({ kind: 'fine-tune', limit: MOST_RUNS })
    .filter(({ done }) => done > 0)
    .map(({ id }): FineTuning => {
      return { run: store.run(id), labels: store.initialisations(id).map(({ label }) => label) }
    })
  const groups = Map.groupBy(runs, ({ run }) => protocolFacts(run))
  return [...groups.values()].map((fineTunings) => {
    const { config, tasks } = fineTunings[0]!.run
    return { config, tasks: tasks ?? [], scale: scaleOfConfig(config), fineTunings: fineTunings.toReversed() }
  })
}

const STUDIES = STUDY_IDS.filter((id): id is PaperStudyId => !isValidation(id) && paperStudyOf(id).arms.length > 1)

const taskSet = (tasks: readonly number[]): string => [...tasks].sort((a, b) => a - b).join()

/** Tasks that the paper chose for one study: fine-tunings of these alone are not those of another. */
const NAMED_TASKS = new Set(
  STUDIES.flatMap((id) => {
    const { tasks } = paperStudyOf(id)
    return tasks === undefined ? [] : [taskSet(tasks)]
  }),
)

/**
 * Whether tasks are those of a study: the ones it names, else all that were trained on or held out, or as many of them as
 * its scale has. Whoever fine-tunes on others makes no study, whatever the policy comes from.
 */
function drawsAsStudies({ config, tasks, scale }: Protocol): boolean {
  if (NAMED_TASKS.has(taskSet(tasks))) return true
  const most = scale === null ? undefined : scaleOf(scale).tasks
  return [trainingTasks(config), heldOutTasks(config)].some((all) => taskSet(all.slice(0, most)) === taskSet(tasks))
}

/** The parts of a protocol's fine-tunings that studies are about. */
function ofStudies(protocol: Protocol): SuggestedComparison[] {
  const { config, tasks, fineTunings } = protocol
  return STUDIES.flatMap((id) => {
    const { world, algorithm, costLimit, arms: ids, tasks: named } = paperStudyOf(id)
    const isIts =
      config.environment.world === world &&
      fineTuningAlgorithm({ config }) === algorithm &&
      config.costLimit === costLimit
    if (!isIts || (named === undefined ? NAMED_TASKS.has(taskSet(tasks)) : taskSet(named) !== taskSet(tasks))) return []
    const wanted = new Set<string>(ids.map((arm) => arms[arm].label))
    const own = fineTunings.filter(({ labels }) => labels.every((label) => wanted.has(label)))
    return suggestion({ ...protocol, fineTunings: own }, id) ?? []
  })
}

function suggestion({ config, tasks, scale, fineTunings }: Protocol, study: PaperStudyId | null) {
  if (fineTunings.length === 0) return null
  const labels = [...new Set(fineTunings.flatMap((one) => one.labels))]
  const seeds = new Set(fineTunings.map(({ run }) => run.seed)).size
  const { world } = config.environment
  const what = study === null ? world : subjectOf(study, scale)
  const sizes = [counted(labels.length, 'initialisation'), counted(tasks.length, 'task'), counted(seeds, 'seed')]
  return {
    title: `${what}: ${sizes.join(' x ')}`,
    study,
    scale,
    runs: fineTunings.map(({ run }) => run.id),
    labels,
    tasks: tasks.length,
    seeds,
    world,
    done: fineTunings.reduce((sum, { run }) => sum + run.done, 0),
    total: fineTunings.reduce((sum, { run }) => sum + run.total, 0),
  }
}

export const subjectOf = (study: string, scale: ScaleName | null): string =>
  scale === null ? study : `${study}, ${scale}`

/** What a scale makes of fine-tuning. */
const sizeOf = ({ environment, policy, fineTune }: RunConfig): string =>
  JSON.stringify([environment.horizon, policy.hidden, fineTune.steps, fineTune.episodes])

/** The scale whose fine-tunings are as large as a configuration's; null where none is. */
function scaleFinder(): (config: RunConfig) => ScaleName | null {
  const known = new Map<string, readonly [ScaleName, string][]>()
  return (config) => {
    const { world } = config.environment
    if (world !== 'environment-1' && world !== 'environment-2') return null
    const { settings } = loadConfigurationSource(world)
    const sizes =
      known.get(world) ??
      SCALE_NAMES.map((name): [ScaleName, string] => [
        name,
        sizeOf(parseRunConfig(merge(settings, scaleOf(name).settings))),
      ])
    known.set(world, sizes)
    const size = sizeOf(config)
    return sizes.find(([, other]) => other === size)?.[0] ?? null
  }
}
