import type { RunDetail, RunRow } from '../../main/api/contract.ts'

/** What is to be said about a run that ended before its time. */
export interface Trouble {
  readonly title: string
  readonly message: string
  readonly advice: string
}

export function troubleOf(
  { status, reason, done, total, kind }: RunRow,
  { resumeObstacle, engine }: Pick<RunDetail, 'resumeObstacle' | 'engine'>,
): Trouble | null {
  const kept =
    done === 0
      ? 'Nothing was stored yet.'
      : kind === 'fine-tune'
        ? `Everything up to ${done} of ${total} is stored.`
        : `Everything up to ${done} of ${total} is stored, with the state of training to go on from; the list of checkpoints ` +
          'shows that once the run is stopped or complete.'
  const own =
    engine.obstacle === null
      ? 'Resume goes on from there with the same numbers.'
      : `Resume goes on from there with another engine: ${engine.name} cannot be used on this machine, because ` +
        `${engine.obstacle}.`
  const help = resumeObstacle === null ? own : `It cannot go on. ${resumeObstacle}`
  if (status === 'failed')
    return { title: 'The run failed', message: reason ?? 'It left no reason.', advice: `${kept} ${help}` }
  if (status === 'interrupted')
    return {
      title: 'The run was interrupted',
      message: reason ?? 'The program that worked on it ended without a word: the machine may have been switched off.',
      advice: `${kept} ${help}`,
    }
  return null
}
