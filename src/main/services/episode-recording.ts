/** Episodes on demand, from any checkpoint or from what a fine-tuning started from; the trainer process does the work. */
import { availableParallelism } from 'node:os'
import type { RunConfig } from '../../core/config/settings.ts'
import type { EpisodeKey, Store } from '../store/store.ts'
import type { RecordRequest as TrainerRequest } from '../trainer/client.ts'
import type { PackedRecording } from '../trainer/packed-episode.ts'
import { spawnTrainer } from '../trainer/spawn.ts'
import { loadInitialisations, type Start } from './fine-tuning.ts'
import { InvalidRequest } from './invalid-request.ts'
import { savePackedEpisode } from './recorded-episode.ts'

/** Whose policies. */
export type EpisodeSource =
  | { readonly kind: 'checkpoint'; readonly checkpoint: string }
  | {
      readonly kind: 'fine-tuning'
      readonly run: string
      /** By their index. */
      readonly initialisations: readonly number[]
    }

export interface RecordingRequest {
  readonly source: EpisodeSource
  readonly tasks: readonly number[]
  /** 0 is the initialisation itself. */
  readonly adaptationSteps: readonly number[]
  /** Of each policy on each task. */
  readonly episodes: number
  readonly stochastic: boolean
}

export interface RecordingProgress {
  readonly done: number
  readonly total: number
  /** Of the episodes that are new since the last report. */
  readonly ids: number[]
}

/** Most episodes of one request. */
const MAX_EPISODES = 10_000

/** What the trainer is asked for, and where its answers are kept. */
interface Plan {
  readonly config: RunConfig
  readonly request: TrainerRequest
  /** Of the job at an index. */
  readonly keys: readonly Omit<EpisodeKey, 'step' | 'episode'>[]
}

/**
 * Records and stores; an episode of the same policy, task and number is replaced by the same bits. Ends with all recorded,
 * or after the signal, which keeps what is stored by then.
 */
export async function* recordEpisodes(
  store: Store,
  request: RecordingRequest,
  {
    workers = availableParallelism(),
    signal,
  }: { readonly workers?: number; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<RecordingProgress, void, void> {
  const plan = planRecording(store, request)
  const perJob = new Set(request.adaptationSteps).size * request.episodes
  const total = plan.keys.length * perJob
  if (total > MAX_EPISODES)
    throw new InvalidRequest(`${total} episodes are too many at once: at most ${MAX_EPISODES} are recorded.`)
  yield { done: 0, total, ids: [] }
  if (signal?.aborted) return

  const { config } = plan
  const trainer = await spawnTrainer({ config, engine: 'simd', workers: Math.min(workers, plan.keys.length) })
  const inbox = createInbox()
  const abort = () => void trainer.close()
  signal?.addEventListener('abort', abort)
  trainer
    .record(plan.request, (index, recorded) => inbox.put(saveAll(store, plan.keys[index]!, recorded)))
    .then(inbox.end, inbox.fail)
  try {
    let done = 0
    for (let ids = await inbox.take(); ids !== null; ids = await inbox.take()) {
      done += ids.length
      yield { done, total, ids }
    }
  } catch (error) {
    // The trainer was ended under the work: that is no failure.
    if (!signal?.aborted) throw error
  } finally {
    signal?.removeEventListener('abort', abort)
    await trainer.close()
  }
}

function planRecording(store: Store, request: RecordingRequest): Plan {
  const { source, tasks, episodes, stochastic } = request
  const adaptationSteps = [...new Set(request.adaptationSteps)].sort((a, b) => a - b)
  const chosenTasks = [...new Set(tasks)]
  const plan = (config: RunConfig, starts: readonly Start[], keyOf: (start: number) => KeyOfPolicy): Plan => {
    const last = config.fineTune.steps
    const beyond = adaptationSteps.find((step) => step > last)
    if (beyond !== undefined)
      throw new InvalidRequest(`${beyond} adaptation steps are too many: the run takes at most ${last}.`)
    const pairs = starts.flatMap((_, initialisation) => chosenTasks.map((task) => ({ initialisation, task })))
    return {
      config,
      keys: pairs.map(({ initialisation, task }) => ({ ...keyOf(initialisation), task, stochastic })),
      request: {
        initialisations: starts.map(({ initialisation }) => initialisation),
        jobs: pairs.map((pair) => ({ ...pair, adaptationSteps, episodes, stochastic })),
      },
    }
  }
  if (source.kind === 'checkpoint') {
    const { id, run, iteration } = store.checkpoint(source.checkpoint)
    const { config } = store.readCheckpoint(id)
    const starts = loadInitialisations(store, config, [{ label: 'policy', checkpoint: id }])
    const owner = run === null ? { run, checkpoint: id } : { run }
    return plan(config, starts, () => ({ ...owner, initialisation: null, iteration }))
  }
  const { id, kind, config } = store.run(source.run)
  if (kind !== 'fine-tune')
    throw new InvalidRequest(`Run ${id} is a training: name one of its checkpoints instead of initialisations.`)
  const rows = store.initialisations(id)
  const all = loadInitialisations(
    store,
    config,
    rows.map(({ label, kind: from, checkpoint }) => {
      if (from === 'checkpoint' && checkpoint === null)
        throw new InvalidRequest(`Nothing can be recorded of "${label}": its checkpoint was deleted.`)
      return { label, checkpoint }
    }),
  )
  const chosen = [...new Set(source.initialisations)]
  const starts = chosen.map((index) => {
    const start = all[index]
    if (start) return start
    throw new InvalidRequest(`Run ${id} has ${all.length} initialisations: there is no index ${index}.`)
  })
  return plan(config, starts, (start) => ({ run: id, initialisation: chosen[start]!, iteration: 0 }))
}

type KeyOfPolicy = Pick<EpisodeKey, 'run' | 'checkpoint' | 'initialisation' | 'iteration'>

const saveAll = (
  store: Store,
  key: Omit<EpisodeKey, 'step' | 'episode'>,
  recorded: readonly PackedRecording[],
): number[] =>
  recorded.map((episode) => {
    const { step, number } = episode
    return savePackedEpisode(store, { ...key, step, episode: number }, episode).id
  })

/** What has come and is not yet taken. */
function createInbox() {
  const waiting: number[] = []
  let outcome: { readonly error?: unknown } | null = null
  let wake = () => {}
  const settle = (ended: { readonly error?: unknown }) => {
    outcome ??= ended
    wake()
  }
  return {
    put(ids: readonly number[]) {
      waiting.push(...ids)
      wake()
    },
    end: () => settle({}),
    fail: (error: unknown) => settle({ error }),
    /** All that is there, as soon as there is something; null at the end. */
    async take(): Promise<number[] | null> {
      while (waiting.length === 0) {
        if (outcome !== null) {
          if ('error' in outcome) throw outcome.error
          return null
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return waiting.splice(0)
    },
  }
}
