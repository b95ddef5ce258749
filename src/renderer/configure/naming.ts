// Names and seeds of what is started: every seed is a run of its own, and has its seed in its name.
import { readSeeds } from '../../core/config/form/seeds.ts'
import type { SettingProblem } from '../../core/config/form/problems.ts'
import { nameProblem } from '../../core/runs/name.ts'

/** Paths of problems with what stands beside the settings. */
export const NAME = '(name)'
export const SEEDS = '(seeds)'
export const TASKS = '(tasks)'

/** The names of the runs, in the order of their seeds. */
export function runNames(name: string, seeds: readonly number[]): string[] {
  return seeds.length < 2 ? [name.trim()] : seeds.map((seed) => `${name.trim()}, seed ${seed}`)
}

/** What is wrong with the name, also with the longer ones that several runs get, and with the seeds. */
export function namingProblems(name: string, seeds: string): SettingProblem[] {
  const read = readSeeds(seeds)
  const names = 'problem' in read ? [name] : runNames(name, read.seeds)
  const wrong = nameProblem(name) ?? names.map(nameProblem).find((problem) => problem !== null) ?? null
  return [
    ...(wrong === null ? [] : [{ path: NAME, message: wrong }]),
    ...('problem' in read ? [{ path: SEEDS, message: read.problem }] : []),
  ]
}
