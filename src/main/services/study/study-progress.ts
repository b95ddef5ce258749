/** How far a study is, over trainings and fine-tunings together, and when it will be done. */
import { totalIterations, type RunConfig } from '../../../core/config/settings.ts'
import { mostStepsPerIteration } from '../../../core/study/plan/budget.ts'

export type UnitKind = 'training' | 'fine-tuning'

/** One run of a study: so many items (iterations, or results), each of so many environment steps at most. */
export interface StudyUnit {
  readonly kind: UnitKind
  readonly arm: string
  readonly seed: number
  readonly items: number
  readonly stepsPerItem: number
}

export interface StudyProgress {
  /** Items of the unit in progress that are done. */
  readonly items: number
  /** Environment steps at most: episodes may end before the horizon. */
  readonly done: number
  readonly total: number
  /** Seconds until the end at the rates measured in this session; null until there is one. */
  readonly remaining: number | null
}

export const trainingUnit = (arm: string, seed: number, config: RunConfig): StudyUnit => {
  return { kind: 'training', arm, seed, items: totalIterations(config), stepsPerItem: mostStepsPerIteration(config) }
}

export const fineTuningUnit = (arm: string, seed: number, config: RunConfig, tasks: number): StudyUnit => {
  const { environment, fineTune } = config
  const stepsPerItem = (fineTune.steps + 1) * fineTune.episodes * environment.horizon
  return { kind: 'fine-tuning', arm, seed, items: tasks, stepsPerItem }
}

export interface StudyTracker {
  /** Says how many items of a unit there are already, before it is worked on. */
  known(unit: StudyUnit, done: number): void
  /** The clock of the work on a unit starts. */
  started(): void
  /** One more item is done. */
  advanced(unit: StudyUnit): StudyProgress
  progress(unit: StudyUnit): StudyProgress
}

export function trackStudy(units: readonly StudyUnit[], now: () => number): StudyTracker {
  const done = new Map<StudyUnit, number>(units.map((unit) => [unit, 0]))
  const measured: Record<UnitKind, { steps: number; seconds: number }> = {
    training: { steps: 0, seconds: 0 },
    'fine-tuning': { steps: 0, seconds: 0 },
  }
  let last = now()
  const rateOf = (kind: UnitKind): number | null => {
    const { steps, seconds } = measured[kind]
    return seconds > 0 && steps > 0 ? steps / seconds : null
  }
  const other = (kind: UnitKind): UnitKind => (kind === 'training' ? 'fine-tuning' : 'training')
  const progress = (current: StudyUnit): StudyProgress => {
    let [finished, total, remaining] = [0, 0, 0]
    let known = true
    for (const unit of units) {
      const items = done.get(unit)!
      finished += items * unit.stepsPerItem
      total += unit.items * unit.stepsPerItem
      const left = (unit.items - items) * unit.stepsPerItem
      // Both kinds mostly roll out: as long as one has not begun, the other's rate is the best guess.
      const rate = rateOf(unit.kind) ?? rateOf(other(unit.kind))
      if (left > 0 && rate === null) known = false
      else if (left > 0) remaining += left / rate!
    }
    return { items: done.get(current)!, done: finished, total, remaining: known ? remaining : null }
  }
  return {
    known: (unit, items) => void done.set(unit, Math.min(items, unit.items)),
    started() {
      last = now()
    },
    advanced(unit) {
      const time = now()
      measured[unit.kind].seconds += time - last
      measured[unit.kind].steps += unit.stepsPerItem
      last = time
      done.set(unit, Math.min(unit.items, done.get(unit)! + 1))
      return progress(unit)
    },
    progress,
  }
}
