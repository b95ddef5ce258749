import type { RunDetail, RunRow } from '../../main/api/contract.ts'
import { resumePointWords } from './resume-point.ts'

/** What is to be said about a run that ended before its time. */
export interface Trouble {
  readonly state: 'failed' | 'interrupted'
  readonly title: string
  readonly message: string
  readonly advice: string
}

export function troubleOf(
  { status, reason, done, total }: RunRow,
  { resumeObstacle, resumePoint, engine }: Pick<RunDetail, 'resumeObstacle' | 'resumePoint' | 'engine'>,
): Trouble | null {
  const kept =
    done === 0
      ? 'Nothing was stored yet.'
      : `Everything up to ${done} of ${total} is stored` +
        (resumePoint === null ? '.' : `, with the state of training to go on from: ${resumePointWords(resumePoint)}.`)
  const own =
    engine.obstacle === null
      ? 'Resume goes on from there with the same numbers.'
      : `Resume goes on from there with another engine: ${engine.name} cannot be used on this machine, because ` +
        `${engine.obstacle}.`
  const help = resumeObstacle === null ? own : `It cannot go on. ${resumeObstacle}`
  if (status === 'failed')
    return {
      state: status,
      title: 'The run failed',
      message: reason ?? 'It left no reason.',
      advice: `${kept} ${help}`,
    }
  if (status === 'interrupted')
    return {
      state: status,
      title: 'The run was interrupted',
      message: reason ?? 'The program that worked on it ended without a word: the machine may have been switched off.',
      advice: `${kept} ${help}`,
    }
  return null
}
