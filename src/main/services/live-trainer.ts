/** One trainer that is kept for a while after its last use: whoever watches a policy will want to see another episode. */
import type { RunConfig } from '../../core/config/settings.ts'
import type { RecordRequest, TrainerClient } from '../trainer/client.ts'
import type { PackedRecording } from '../trainer/packed-episode.ts'
import { spawnTrainer } from '../trainer/spawn.ts'
import type { Service } from './life-cycle.ts'

/** How long it is kept (ms). */
const KEPT_MS = 60_000

export interface LiveTrainer extends Service {
  /** What one job records; those who ask at the same time wait for each other. */
  record(
    config: RunConfig,
    initialisation: RecordRequest['initialisations'][number],
    job: Omit<RecordRequest['jobs'][number], 'initialisation'>,
  ): Promise<readonly PackedRecording[]>
}

export function createLiveTrainer(keptMs = KEPT_MS): LiveTrainer {
  let kept: { readonly settings: string; readonly trainer: TrainerClient } | null = null
  let timer: NodeJS.Timeout | undefined
  let over = false
  /** The work in progress, and all that waits behind it. */
  let last: Promise<unknown> = Promise.resolve()

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work)
    last = result.catch(() => {})
    return result
  }
  async function letGo(): Promise<void> {
    const trainer = kept?.trainer
    kept = null
    await trainer?.close()
  }
  /** A trainer is made for one configuration: its workers have networks and worlds of that. */
  async function trainerFor(config: RunConfig): Promise<TrainerClient> {
    const settings = JSON.stringify(config)
    if (kept?.settings !== settings) {
      await letGo()
      kept = { settings, trainer: await spawnTrainer({ config, engine: 'simd', workers: 1 }) }
    }
    return kept.trainer
  }

  return {
    name: 'live trainer',
    needs: ['log'],
    start: () => Promise.resolve(),
    async stop() {
      over = true
      clearTimeout(timer)
      // Not in turn: what is in progress is of use to nobody any more.
      await letGo()
      await inTurn(letGo)
    },
    record: (config, initialisation, job) =>
      inTurn(async () => {
        if (over) throw new Error('The program is ending')
        clearTimeout(timer)
        try {
          const trainer = await trainerFor(config)
          let episodes: readonly PackedRecording[] = []
          await trainer.record(
            { jobs: [{ ...job, initialisation: 0 }], initialisations: [initialisation] },
            (_, recorded) => {
              episodes = recorded
            },
          )
          return episodes
        } catch (error) {
          // Whatever happened to it, the next one is a new one.
          await letGo()
          throw error
        } finally {
          clearTimeout(timer)
          timer = setTimeout(() => void inTurn(letGo), keptMs)
          timer.unref()
        }
      }),
  }
}
