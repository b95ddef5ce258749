import { parseRunConfig } from '../../../../src/core/config/parse.ts'
import type { RunConfig } from '../../../../src/core/config/settings.ts'
import type { Settings } from '../../../../src/core/study/plan/arms.ts'
import { merge } from '../../../../src/core/study/plan/plan.ts'
import { scaleOf } from '../../../../src/core/study/plan/scales.ts'
import { trainingTasks } from '../../../../src/core/training/tasks.ts'
import { loadConfigurationSource } from '../../../../src/main/services/configuration.ts'
import type { Store } from '../../../../src/main/store/store.ts'
import { fineTuneResult, fineTuning, iterationResult, metaTraining } from '../../store/samples.ts'

/** Tasks of Environment 2 that are trained on, and one that is held out. */
export const TASKS = [1, 3, 5, 301]

/** As `figure-4` at scale smoke has it. */
export const smokeConfig = (seed: number, changes: Settings = {}): RunConfig => {
  const { settings } = loadConfigurationSource('environment-2')
  const own = { environment: { world: 'environment-2' }, costLimit: 5, seed }
  return parseRunConfig(merge(settings, scaleOf('smoke').settings, own, { fineTune: { tasks: 0 } }, changes))
}

/** The tasks that a study at scale smoke fine-tunes on: fine-tunings of others are no study's. */
export const studyTasks = (): number[] => trainingTasks(smokeConfig(1)).slice(0, scaleOf('smoke').tasks)

export interface StoredStudy {
  /** Fine-tunings: C-MAML and random, seed by seed. */
  readonly runs: string[]
  readonly trainings: string[]
}

/** Two initialisations under two seeds; a task has the same numbers from both. */
export function storeStudy(store: Store, tasks: readonly number[] = TASKS): StoredStudy {
  const runs: string[] = []
  const trainings: string[] = []
  for (const seed of [1, 2]) {
    const config = smokeConfig(seed)
    const training = store.createRun(metaTraining({ name: `C-MAML <seed ${seed}>`, config, total: 2 }))
    for (const iteration of [1, 2]) store.commitIteration(training.id, iterationResult(iteration, config), false)
    store.finishRun(training.id, { status: 'completed' })
    trainings.push(training.id)
    for (const label of ['C-MAML', 'random']) {
      const { id } = store.createRun(fineTuning({ name: `${label}, seed ${seed}`, config, total: tasks.length, tasks }))
      const checkpoint = label === 'random' ? null : store.checkpoint(training.id).id
      store.declareInitialisations(id, [{ label, checkpoint }])
      for (const task of tasks) store.commitFineTuneResult(id, 0, { ...fineTuneResult(1000 * seed + task), task })
      store.finishRun(id, { status: 'completed' })
      runs.push(id)
    }
  }
  return { runs, trainings }
}
