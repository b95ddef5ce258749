// Who is played: an episode with a name and a look.
import { CostPart } from '../../core/env/environment.ts'
import type { Episode } from '../../core/episode/episode.ts'
import { costEvents, cumulated, goalTimes, type CostEvent } from '../../core/episode/timeline.ts'
import { seriesRoles, type SeriesRole } from '../../core/study/figure-data.ts'
import { arms } from '../../core/study/plan/arms.ts'
import type { EpisodeRow } from '../../main/api/contract.ts'
import { formatInteger } from '../format/numbers.ts'

/** What is drawn of an episode, computed once. */
export interface Actor {
  /** Unique among those that are played together. */
  readonly key: string
  /** Who drives: the initialisation, or the run. */
  readonly name: string
  /** Which of its episodes: adaptation step or iteration, task. */
  readonly detail: string
  /** The same where there is little room. */
  readonly brief: string
  readonly role: SeriesRole
  readonly episode: Episode
  /** Sums up to every state, [T + 1]. */
  readonly returns: Float64Array
  readonly costs: Float64Array
  readonly costEvents: readonly CostEvent[]
  /** States in which the goal has just been reached. */
  readonly goals: readonly number[]
}

export type ActorLook = Pick<Actor, 'key' | 'name' | 'detail' | 'brief' | 'role'>

export function makeActor(look: ActorLook, episode: Episode): Actor {
  return {
    ...look,
    episode,
    returns: cumulated(episode.rewards),
    costs: cumulated(episode.costs),
    costEvents: costEvents(episode.costs),
    goals: goalTimes(episode.goalReached),
  }
}

/** @param taskKnown where what is around it says the task already */
export function lookOf(row: EpisodeRow, taskKnown: boolean): ActorLook {
  const { id, initialisation, runName, task, step, iteration, episode } = row
  const further = [...(taskKnown ? [] : [`task ${task}`]), ...(episode > 0 ? [`episode ${episode + 1}`] : [])]
  return {
    key: String(id),
    name: initialisation?.label ?? runName,
    detail: [policyOf(row), ...further].join(', '),
    brief: [initialisation === null && step === 0 ? `iteration ${iteration}` : briefly(step), ...further].join(', '),
    role: roleOf(initialisation?.label),
  }
}

/** Which policy of a run or a file acts: `after 2 steps` of an initialisation, `iteration 100, after 2 steps` of a training. */
export function policyOf({ initialisation, step, iteration }: EpisodeRow): string {
  if (initialisation !== null) return adaptation(step)
  const trained = `iteration ${formatInteger(iteration)}`
  return step === 0 ? trained : `${trained}, ${adaptation(step)}`
}

/** Those of no initialisation first. */
const SPARE = seriesRoles.toSorted((a, b) => Number(b.startsWith('other')) - Number(a.startsWith('other')))

/** Colours that tell episodes of one task apart where their initialisation does not: later ones get those that are free. */
export function distinctRoles<T extends { readonly role: SeriesRole; readonly task: number }>(
  looks: readonly T[],
): T[] {
  const perTask = new Map<number, Set<SeriesRole>>()
  // Of an initialisation, the first keeps its colour.
  for (const { role, task } of looks) perTask.set(task, (perTask.get(task) ?? new Set()).add(role))
  const kept = new Set<string>()
  return looks.map((look) => {
    const taken = perTask.get(look.task)!
    const key = `${look.task} ${look.role}`
    const free = kept.has(key) ? SPARE.find((role) => !taken.has(role)) : undefined
    kept.add(key)
    if (free === undefined) return look
    taken.add(free)
    return { ...look, role: free }
  })
}

/** `before adaptation`, `after 1 step`, `after 10 steps` */
export function adaptation(step: number): string {
  return step === 0 ? 'before adaptation' : `after ${briefly(step)}`
}

/** `before`, `1 step`, `10 steps` */
export const briefly = (step: number): string => (step === 0 ? 'before' : `${step} ${step === 1 ? 'step' : 'steps'}`)

/** The colour that an initialisation has in every figure: by the name that studies give it, `C-MAML (my run)` included. */
export function roleOf(label: string | undefined): SeriesRole {
  if (label === undefined) return 'c-maml'
  const known = Object.values(arms)
    .filter((arm) => label === arm.label || label.startsWith(`${arm.label} (`))
    .toSorted((a, b) => b.label.length - a.label.length)
  return known[0]?.role ?? 'other-2'
}

/** What costs, in words, of a bit set of `CostPart`. */
export function costPartNames(parts: number): string[] {
  const names: string[] = []
  if ((parts & CostPart.hazard) !== 0) names.push('in a hazard')
  if ((parts & CostPart.vaseContact) !== 0) names.push('touches a vase')
  if ((parts & CostPart.vaseVelocity) !== 0) names.push('a vase moves')
  return names
}
