// Results of chosen runs, one value per task.
import type { TaskResults } from '../../main/api/contract.ts'
import type { ResultValues } from './figures.ts'

/** Which of the results: an initialisation and an adaptation step, by their places. */
export interface Chosen {
  readonly initialisation: number
  readonly step: number
}

/** What an address asks for, as far as the results have it: else the first initialisation, and the last step. */
export function chosenOf(
  { labels, steps }: Pick<TaskResults, 'labels' | 'steps'>,
  label: string | null,
  step: number | null,
): Chosen {
  const place = step === null ? -1 : steps.indexOf(step)
  return {
    initialisation: Math.max(0, labels.indexOf(label ?? '')),
    step: place === -1 ? Math.max(0, steps.length - 1) : place,
  }
}

export function valuesByTask(results: TaskResults, { initialisation, step }: Chosen): Map<number, ResultValues> {
  const { tasks, steps } = results
  const begin = (initialisation * steps.length + step) * tasks.length
  const values = new Map<number, ResultValues>()
  tasks.forEach((task, t) => {
    const cost = results.cost[begin + t]
    if (cost === undefined || Number.isNaN(cost)) return
    values.set(task, { return: results.return[begin + t]!, cost, feasible: results.feasible[begin + t]! })
  })
  return values
}

/** `before adaptation`, `after 1 step`, `after 10 steps` */
export const stepName = (step: number): string =>
  step === 0 ? 'before adaptation' : `after ${step} ${step === 1 ? 'step' : 'steps'}`
