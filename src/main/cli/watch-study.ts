/** How a terminal or a pipe follows a study. */
import type { StudyPlan } from '../../core/study/plan/plan.ts'
import type { StudyListener } from '../services/study/execute-study.ts'
import type { StudyProgress, StudyUnit } from '../services/study/study-progress.ts'
import type { Output } from './output.ts'
import type { Watch } from './watch.ts'

const STATES = { new: 'new', completed: 'reused', unfinished: 'goes on', running: 'in progress' } as const

export function watchStudy(output: Output, plan: StudyPlan): Watch<StudyListener> {
  const display = output.progress(plan.id)
  const labelOf = (arm: string) => plan.arms.find(({ id }) => id === arm)?.label ?? arm
  const started = performance.now()
  let first: StudyProgress | null = null
  const describe = ({ kind, arm, seed }: StudyUnit) =>
    `${kind} ${labelOf(arm)}, seed ${plan.seeds.indexOf(seed) + 1} of ${plan.seeds.length}`
  return {
    finish: () => display.finish(),
    listener: {
      unit(unit, state, run) {
        const { kind, arm, seed, items } = unit
        output.event({ type: 'unit', phase: kind, arm, seed, state, run: run.id, done: run.done, total: items })
        output.note(`${describe(unit)}: ${STATES[state]}, run ${run.id} (${run.name})`)
      },
      progress(unit, progress) {
        const { kind, arm, seed } = unit
        const { items, done, total, remaining } = progress
        const within = { done: items, total: unit.items }
        output.event({ type: 'progress', phase: kind, arm, seed, within, done, total, remaining })
        first ??= progress
        const seconds = (performance.now() - started) / 1000
        const detail = `${describe(unit)}, ${items}/${unit.items}`
        display.update(asPercent(progress, (done - first.done) / seconds), detail)
      },
      recording(arm, seed, task) {
        output.event({ type: 'recording', arm, seed, task })
        const when = plan.config.fineTune.steps === 0 ? 'without adaptation' : 'before and after adaptation'
        output.note(`recording task ${task} ${when}: ${labelOf(arm)}, seed ${seed}`)
      },
      caution: (text) => output.note(text),
      warning: (text) => output.warn(text),
    },
  }
}

/** Millions of steps as a bar of a hundred parts. */
const asPercent = ({ done, total, remaining }: StudyProgress, stepsPerSecond: number) => ({
  done: total > 0 ? Math.floor((100 * done) / total) : 100,
  total: 100,
  rate: total > 0 ? (100 * stepsPerSecond) / total : 0,
  remaining,
})
