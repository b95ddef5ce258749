import type { PlannedFineTuning, StudyPlan } from '../../../core/study/plan/plan.ts'
import type { CheckpointRow, Store } from '../../store/store.ts'
import { matchFineTuning, matchTraining, type Match, type StartContent, type StoredRuns } from './matching.ts'
import type { GivenStarts } from './prepare.ts'

/** A study in its database: everything about its state is asked of these. */
export interface StudyInStore {
  readonly store: Store
  readonly plan: StudyPlan
  readonly given: GivenStarts
  readonly runs: StoredRuns
}

/** Where an arm's fine-tuning of a seed starts; `untrained` as long as its training is not completed. */
export type Start = CheckpointRow | 'random' | 'untrained'

export function startOf({ store, plan, given, runs }: StudyInStore, arm: string, seed: number): Start {
  const checkpoint = given.get(arm)
  if (checkpoint) return checkpoint
  const training = plan.trainings.find((planned) => planned.arm === arm && planned.seed === seed)
  if (!training) return 'random'
  const match = matchTraining(runs, training)
  return match.state === 'completed' ? store.checkpoint(match.run.id) : 'untrained'
}

/** What the database has of a planned fine-tuning; nothing can be known of one whose start is not trained. */
export function fineTuningState(study: StudyInStore, planned: PlannedFineTuning, start?: Start): Match {
  const from: Start = start ?? startOf(study, planned.arm, planned.seed)
  if (from === 'untrained') return { state: 'new' }
  const content: StartContent = from === 'random' ? 'random' : { sha256: from.sha256 }
  return matchFineTuning(study.runs, planned, content)
}

/** Trainings that the plan asks for and that no given checkpoint stands in for. */
export const neededTrainings = ({ plan, given }: Pick<StudyInStore, 'plan' | 'given'>) =>
  plan.trainings.filter(({ arm }) => !given.has(arm))
