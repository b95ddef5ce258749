/** How a terminal or a pipe follows training and fine-tuning. */
import type { FineTuningListener } from '../services/fine-tuning.ts'
import type { TrainingListener } from '../services/training.ts'
import { counted, fixed } from '../services/conclusion.ts'
import type { Run } from '../store/store.ts'
import type { Output } from './output.ts'

export interface Watch<T> {
  readonly listener: T
  /** Clears what is drawn. */
  finish(): void
}

const runEvent = ({ kind, id, name, done, total, trainer: { engine, device } }: Run) => ({
  ...{ type: 'run', kind, id, name, done, total, engine },
  ...(device === undefined ? {} : { device }),
})

export function watchTraining(output: Output): Watch<TrainingListener> {
  const display = output.progress('training')
  let lastSteps: number | null = null
  return {
    finish: () => display.finish(),
    listener: {
      started(run) {
        output.event(runEvent(run))
        output.note(
          `Run ${run.id} (${run.name}): ${run.world}, seed ${run.seed}, ${run.trainer.engine}, ` +
            `${counted(run.trainer.workers, 'worker')}${run.done > 0 ? `, going on after iteration ${run.done}` : ''}`,
        )
      },
      iteration(record, progress) {
        const { metrics, iteration, envSteps } = record
        const { secondsTotal: seconds, returnAfter, costAfter, returnBefore, costBefore } = metrics
        const stepsPerSecond = lastSteps === null || !seconds ? null : (envSteps - lastSteps) / seconds
        lastSteps = envSteps
        const { rate, remaining } = progress
        output.event({ type: 'iteration', iteration, envSteps, rate, remaining, stepsPerSecond, metrics })
        // Pre-training adapts nothing.
        const [who, value, cost] =
          returnAfter === undefined ? ['policy', returnBefore, costBefore] : ['adapted', returnAfter, costAfter]
        const shown = [
          `${who}: return ${fixed(value ?? NaN)}, cost ${fixed(cost ?? NaN)}`,
          ...(stepsPerSecond === null ? [] : [`${Math.round(stepsPerSecond)} steps/s`]),
        ]
        display.update(progress, shown.join('  '))
      },
      warning: (text) => output.warn(text),
    },
  }
}

export function watchFineTuning(output: Output): Watch<FineTuningListener> {
  const display = output.progress('fine-tuning')
  return {
    finish: () => display.finish(),
    listener: {
      started(run) {
        output.event(runEvent(run))
        const { steps, episodes } = run.config.fineTune
        output.note(
          `Run ${run.id} (${run.name}): fine-tuning, ${counted(steps, 'step')} of ${counted(episodes, 'episode')}, ` +
            `seed ${run.seed}`,
        )
      },
      result(label, { task, evaluations }, progress) {
        const curve = evaluations.map(({ return: value, cost }) => ({ return: value, cost }))
        output.event({ type: 'fine-tuned', initialisation: label, task, steps: curve, ...progress })
        display.update(progress, `${label}, task ${task}`)
      },
      warning: (text) => output.warn(text),
    },
  }
}
