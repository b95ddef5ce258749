/** The engines of this machine while the program runs: what there is, how fast it is, and installing what there is not. */
import { loadavg } from 'node:os'
import { EngineInstallError, installEngine, type EngineKind } from '../../trainer/engines/install.ts'
import { createChanges } from '../changes.ts'
import { follow } from '../follow.ts'
import { InvalidRequest } from '../invalid-request.ts'
import type { JobRow } from '../jobs/job.ts'
import type { JobQueue } from '../jobs/queue.ts'
import type { Service } from '../life-cycle.ts'
import type { LogFile } from '../log-file.ts'
import { availableEngines, listEngines, type EngineRow } from './list-engines.ts'
import { measureEngines, type MeasuredSizes, type MeasureProgress } from './measure.ts'
import { readMeasurement, thisMachine, writeMeasurement } from './timings-file.ts'
import type { EngineMeasurement, TimedMachine } from './timings-file.ts'

/** What is being installed; of a download how far it is (bytes). */
export interface InstallState {
  readonly kind: EngineKind
  readonly step: 'start' | 'download' | 'unpack' | 'compile' | 'check'
  readonly what: string
  readonly received: number | null
  readonly total: number | null
}

export interface EnginesState {
  readonly machine: TimedMachine
  readonly engines: readonly EngineRow[]
  readonly measurement: EngineMeasurement | null
  /** Why a stored measurement is not used, or how the last one failed. */
  readonly measurementProblem: string | null
  /** null: nothing is being timed. */
  readonly measuring: (MeasureProgress & { readonly background: boolean }) | null
  readonly installing: InstallState | null
  /** How the last installation failed; each a sentence. */
  readonly installProblem: { readonly kind: EngineKind; readonly problems: readonly string[] } | null
}

export interface EngineKeeper extends Service {
  /** The state now, and whenever it changes. */
  watch(signal?: AbortSignal): AsyncGenerator<EnginesState & { readonly cursor: number }, void, void>
  /** Begins to time updates. @throws InvalidRequest while something else is computed */
  measure(): void
  cancelMeasurement(): void
  /** Begins to install. @throws InvalidRequest while something is being installed */
  install(kind: EngineKind): void
  cancelInstallation(): void
}

export interface EngineKeeperOptions {
  readonly jobs: Pick<JobQueue, 'activity' | 'onChange'>
  readonly log: Pick<LogFile, 'write' | 'error'>
  readonly measured?: Measured
  /** How long the program runs before it times anything by itself (ms). */
  readonly idleAfter?: number
  /** Load of each core above which others are computing. */
  readonly busyAbove?: number
}

/** What a measurement takes in. */
export interface Measured {
  readonly sizes: MeasuredSizes
  /** Seconds. */
  readonly budget: number
}

/** Around the defaults of runs, where the choice of an engine matters. */
const MEASURED: Measured = { sizes: { widths: [64, 256], rows: [2000, 20_000], tasks: [1, 40] }, budget: 60 }
const IDLE_AFTER = 120_000
/** Windows tells no load: there the runs of this program alone decide. */
const BUSY = 0.5

export function createEngineKeeper(options: EngineKeeperOptions): EngineKeeper {
  const { jobs, log, measured = MEASURED, idleAfter = IDLE_AFTER, busyAbove = BUSY } = options
  let state: EnginesState = { ...current(), measuring: null, installing: null, installProblem: null }
  let version = 0
  let measurement: AbortController | null = null
  let installation: AbortController | null = null
  let ended: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let unwatch = () => {}
  const changes = createChanges(() => Promise.resolve(String(version)))

  function change(part: Partial<EnginesState>): void {
    state = { ...state, ...part }
    version++
    changes.nudge()
  }
  /** Of the program, or of others on the same database. */
  const isComputing = () => jobs.activity().jobs.some(({ state: how }) => IN_PROGRESS.includes(how))

  async function run(background: boolean, controller: AbortController): Promise<void> {
    const { signal } = controller
    // JavaScript on one thread is never the fastest, and would take the time of the others.
    const engines = availableEngines().filter((name) => name !== 'tfjs/cpu')
    const first = engines[0]!
    const onProgress = (progress: MeasureProgress) => change({ measuring: { ...progress, background } })
    onProgress({ done: 0, total: 0, remaining: measured.budget, engine: first, problem: null })
    let problem: string | null = null
    try {
      const result = await measureEngines({ engines, ...measured, background, signal, onProgress })
      if (result.timings.length > 0) writeMeasurement(result)
      else if (!signal.aborted) problem = 'No engine could be timed within the time.'
      log.write('info', `Engines timed: ${result.timings.length} updates${signal.aborted ? ', then cancelled' : ''}.`)
    } catch (error) {
      log.error('Timing the engines', error)
      problem = (error as Error).message
    }
    measurement = null
    change({ ...current(), ...(problem === null ? {} : { measurementProblem: problem }), measuring: null })
  }

  function begin(background: boolean): void {
    measurement = new AbortController()
    ended = Promise.allSettled([ended, run(background, measurement)])
  }

  function whenIdle(): void {
    timer = setTimeout(() => {
      const stored = readMeasurement()
      const isCurrent =
        stored.measurement !== null &&
        availableEngines().every(
          (name) => name === 'tfjs/cpu' || stored.measurement!.engines.some((engine) => engine.name === name),
        )
      if (isCurrent) return
      const isQuiet = loadavg()[0]! < busyAbove * thisMachine().cores
      if (measurement === null && installation === null && !isComputing() && isQuiet) begin(true)
      else whenIdle()
    }, idleAfter)
    timer.unref()
  }

  async function runInstallation(kind: EngineKind, controller: AbortController): Promise<void> {
    const { signal } = controller
    try {
      const checked = await installEngine(kind, {
        signal,
        onProgress(progress) {
          const { step, what } = progress
          const [received, total] = step === 'download' ? [progress.received, progress.total] : [null, null]
          change({ installing: { kind, step, what, received, total } })
        },
      })
      log.write('info', `Engine ${kind} installed: ${checked.device}.`)
    } catch (error) {
      if (!signal.aborted) {
        const problems = error instanceof EngineInstallError ? error.problems : [(error as Error).message]
        log.write('warning', `Engine ${kind} was not installed: ${problems.join(' ')}`)
        change({ installProblem: { kind, problems } })
      }
    }
    installation = null
    change({ ...current(), installing: null })
  }

  return {
    name: 'engines',
    needs: ['log'],
    start() {
      unwatch = jobs.onChange(() => {
        // Beside a run both would be slow, and the times wrong.
        if (measurement !== null && isComputing()) {
          const background = state.measuring?.background === true
          measurement.abort(new Error('A run began.'))
          if (background) whenIdle()
        }
      })
      whenIdle()
      return Promise.resolve()
    },
    async stop() {
      clearTimeout(timer)
      unwatch()
      const reason = new Error('The program ends.')
      measurement?.abort(reason)
      installation?.abort(reason)
      await ended
      changes.end()
    },
    watch(signal) {
      // Engines may have been installed, and timed, by other programs.
      if (measurement === null && installation === null) state = { ...state, ...current() }
      return follow(changes, -1, signal, ({ cursor, started }) =>
        started && cursor === version ? null : { ...state, cursor: version },
      )
    },
    measure() {
      if (measurement !== null) return
      if (isComputing())
        throw new InvalidRequest('A run is in progress: beside it the times would be wrong. Measure when it has ended.')
      begin(false)
    },
    cancelMeasurement: () => measurement?.abort(new Error('Cancelled.')),
    install(kind) {
      if (installation !== null) throw new InvalidRequest('Another engine is being installed.')
      installation = new AbortController()
      change({
        installing: { kind, step: 'start', what: '', received: null, total: null },
        installProblem: null,
      })
      ended = Promise.allSettled([ended, runInstallation(kind, installation)])
    },
    cancelInstallation: () => installation?.abort(new Error('Cancelled.')),
  }
}

const IN_PROGRESS: readonly JobRow['state'][] = ['starting', 'running', 'stopping']

function current(): Pick<EnginesState, 'machine' | 'engines' | 'measurement' | 'measurementProblem'> {
  const { measurement, problem } = readMeasurement()
  return { machine: thisMachine(), engines: listEngines(measurement), measurement, measurementProblem: problem }
}
