/** The engines of this machine while the program runs: what there is, how fast it is, and installing what there is not. */
import type { TriableEngine } from '../../trainer/client.ts'
import { EngineInstallError } from '../../trainer/engines/install.ts'
import type { EngineKind } from '../../trainer/engines/parts.ts'
import { createChanges } from '../changes.ts'
import { follow } from '../follow.ts'
import { InvalidRequest } from '../invalid-request.ts'
import type { JobRow } from '../jobs/job.ts'
import type { JobQueue } from '../jobs/queue.ts'
import type { Service } from '../life-cycle.ts'
import type { LogFile } from '../log-file.ts'
import { claimEngines } from './claim.ts'
import { incompleteEngines } from './complete.ts'
import { installHere } from './install.ts'
import { availableEngines, listEngines, type EngineRow } from './list-engines.ts'
import { loadWarning } from './load-warning.ts'
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
  /** Why a stored measurement is not used, how the last one failed or was cut short, or what makes it doubtful. */
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
  /** Begins to time updates. @throws InvalidRequest while something else is computed, timed or installed */
  measure(): void
  cancelMeasurement(): void
  /** Begins to install. @throws InvalidRequest while something is being installed or timed on demand */
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

/** Around the defaults of runs, where the choice of an engine matters; presets have 20 or 40 tasks of 2,000 rows. */
export const MEASURED: Measured = {
  sizes: { widths: [64, 256], rows: [2000, 20_000], tasks: [1, 20, 40] },
  budget: 60,
}
const IDLE_AFTER = 120_000

/** JavaScript on one thread is never the fastest, and would take the time of the others. */
const worthTiming = () => availableEngines().filter((name) => name !== 'tfjs/cpu')
const RUN_BEGAN = new Error('Stopped because a run began; what had been timed until then is kept.')

export function createEngineKeeper(options: EngineKeeperOptions): EngineKeeper {
  const { jobs, log, measured = MEASURED, idleAfter = IDLE_AFTER, busyAbove } = options
  /** Of the last measurement here, until there is another one. */
  let ownProblem: string | null = null
  const now = () => current(ownProblem)
  let state: EnginesState = { ...now(), measuring: null, installing: null, installProblem: null }
  let version = 0
  let measurement: AbortController | null = null
  let installation: AbortController | null = null
  let ended: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let unwatch = () => {}
  const changes = createChanges(() => Promise.resolve(String(version)))

  function change(part: Partial<EnginesState>): void {
    state = { ...state, ...part }
    version++
    changes.nudge()
  }
  /** Of the program, or of others on the same database. */
  const isComputing = () => jobs.activity().jobs.some(({ state: how }) => IN_PROGRESS.includes(how))

  async function run(engines: readonly TriableEngine[], background: boolean, giveBack: () => void): Promise<void> {
    // By itself it times only what is missing.
    const known = background ? readMeasurement().measurement : null
    const { signal } = (measurement = new AbortController())
    const onProgress = (progress: MeasureProgress) => change({ measuring: { ...progress, background } })
    ownProblem = background ? null : loadWarning(busyAbove)
    change({ ...now() })
    onProgress({ done: 0, total: 0, remaining: measured.budget, engine: engines[0]!, problem: null })
    try {
      const result = await measureEngines({ engines, ...measured, known, background, signal, onProgress })
      if (result.engines.length > 0) writeMeasurement(result, { fills: background })
      if (result.timings.length === 0 && !signal.aborted) ownProblem = 'No engine could be timed within the time.'
      if (signal.reason === RUN_BEGAN && !background) ownProblem = RUN_BEGAN.message
      log.write('info', `Engines timed: ${result.timings.length} updates${signal.aborted ? ', then cancelled' : ''}.`)
    } catch (error) {
      log.error('Timing the engines', error)
      ownProblem = (error as Error).message
    } finally {
      giveBack()
    }
    measurement = null
    change({ ...now(), measuring: null })
    if (background && signal.reason === RUN_BEGAN) whenIdle()
  }

  /** @throws InvalidRequest where another program times or installs engines */
  function begin(engines: readonly TriableEngine[], background: boolean): void {
    const giveBack = claimEngines('timing the engines')
    ended = Promise.allSettled([ended, run(engines, background, giveBack)])
  }

  function beginWhereQuiet(engines: readonly TriableEngine[]): boolean {
    if (measurement !== null || installation !== null || isComputing() || loadWarning(busyAbove) !== null) return false
    try {
      begin(engines, true)
      return true
    } catch (error) {
      if (error instanceof InvalidRequest) return false
      throw error
    }
  }

  /** Times by itself what is not timed yet, once nothing else goes on. */
  function whenIdle(): void {
    clearTimeout(timer)
    if (stopped) return
    timer = setTimeout(() => {
      const { sizes } = measured
      const due = incompleteEngines(worthTiming(), { sizes, measurement: readMeasurement().measurement })
      if (due.length === 0) return
      if (!beginWhereQuiet(due)) whenIdle()
    }, idleAfter)
    timer.unref()
  }

  async function runInstallation(kind: EngineKind, { signal }: AbortController): Promise<void> {
    try {
      const checked = await installHere(kind, {
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
    change({ ...now(), installing: null })
    // The new engine is to be timed, and what was being timed before.
    whenIdle()
  }

  return {
    name: 'engines',
    needs: ['log'],
    start() {
      stopped = false
      unwatch = jobs.onChange(() => {
        // Beside a run both would be slow, and the times wrong.
        if (measurement !== null && isComputing()) measurement.abort(RUN_BEGAN)
      })
      whenIdle()
      return Promise.resolve()
    },
    async stop() {
      stopped = true
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
      if (measurement === null && installation === null) state = { ...state, ...now() }
      return follow(changes, -1, signal, ({ cursor, started }) =>
        started && cursor === version ? null : { ...state, cursor: version },
      )
    },
    measure() {
      if (measurement !== null) return
      if (isComputing())
        throw new InvalidRequest('A run is in progress: beside it the times would be wrong. Measure when it has ended.')
      if (installation !== null)
        throw new InvalidRequest('An engine is being installed: beside it the times would be wrong.')
      begin(worthTiming(), false)
    },
    cancelMeasurement: () => measurement?.abort(new Error('Cancelled.')),
    install(kind) {
      if (installation !== null) throw new InvalidRequest('Another engine is being installed.')
      if (state.measuring?.background === false)
        throw new InvalidRequest('The engines are being timed: beside that the times would be wrong. Cancel it first.')
      measurement?.abort(new Error('An engine is being installed.'))
      const own = (installation = new AbortController())
      change({
        installing: { kind, step: 'start', what: '', received: null, total: null },
        installProblem: null,
      })
      const measuring = ended
      ended = Promise.allSettled([measuring, measuring.then(() => runInstallation(kind, own))])
    },
    cancelInstallation: () => installation?.abort(new Error('Cancelled.')),
  }
}

const IN_PROGRESS: readonly JobRow['state'][] = ['starting', 'running', 'stopping']

function current(
  ownProblem: string | null,
): Pick<EnginesState, 'machine' | 'engines' | 'measurement' | 'measurementProblem'> {
  const { measurement, problem } = readMeasurement()
  const measurementProblem = ownProblem ?? problem
  return { machine: thisMachine(), engines: listEngines(measurement), measurement, measurementProblem }
}
