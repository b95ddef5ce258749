/** From what a page asks for to what a job does: checked when it is queued, kept as JSON until its turn. */
import { dirname, join, resolve } from 'node:path'
import type { EngineName } from '../../../core/config/engines.ts'
import { migrateConfig } from '../../../core/config/migrate.ts'
import { parseRunConfig } from '../../../core/config/parse.ts'
import type { RunConfig } from '../../../core/config/settings.ts'
import type { StudyPlan } from '../../../core/study/plan/plan.ts'
import type { JobRequest } from './job.ts'
import type { NewJob, Run, Store, StoredJob } from '../../store/store.ts'
import { StoreError } from '../../store/errors.ts'
import { flattenSettings } from '../config-differences.ts'
import { resolveConfiguration } from '../configuration.ts'
import { confinedPath } from '../confined-path.ts'
import { assertInstalled } from '../engines/installed.ts'
import { InvalidRequest } from '../invalid-request.ts'
import { fineTuningOrder, type FineTuningOrder } from './fine-tuning-order.ts'
import { lacksFineTuning, ownFineTuning } from '../own-fine-tuning.ts'
import { runName } from '../run-name.ts'
import { parseInits, planFromOrder, type StudyOrder } from '../study/prepare.ts'
import { refuseMissingEngines, studyIn } from '../study/run-study.ts'
import { obstacleIn } from '../study/write-study.ts'
import { assertOwnEngine } from '../trainer-of-run.ts'
import { assertEnoughTasks, canGoOn } from '../training.ts'

/** In what a run that goes on may differ from what it was begun with. */
interface HowToGoOn {
  readonly iterations?: number
  readonly engine?: EngineName
}

/** What a job does, with everything that its result depends on. */
export type Work =
  | { readonly kind: 'train'; readonly name: string; readonly config: RunConfig }
  | ({ readonly kind: 'resume'; readonly run: string } & HowToGoOn)
  | ({ readonly kind: 'fine-tune' } & FineTuningOrder)
  | { readonly kind: 'study'; readonly order: StudyOrder; readonly folder?: string }

/** @throws ConfigError, InvalidRequest or StoreError where it cannot be done as asked */
export function workOf(request: JobRequest, store: Store | null): Work {
  switch (request.kind) {
    case 'train': {
      const config = resolveConfiguration({ settings: request.settings }, [])
      assertEnoughTasks(config)
      assertInstalled(config.engine)
      return { kind: 'train', name: runName(request.name), config }
    }
    case 'resume': {
      const { run, iterations, engine } = request
      if (store === null) throw new InvalidRequest(`There is no run ${run}: there is no database yet.`)
      const how = { ...(iterations === undefined ? {} : { iterations }), ...(engine === undefined ? {} : { engine }) }
      return { kind: 'resume', run: resumable(store, { run, ...how }).id, ...how }
    }
    case 'fine-tune': {
      const order = fineTuningOrder(request, store)
      assertInstalled(order.config.engine)
      return { kind: 'fine-tune', ...order }
    }
    case 'study': {
      const { study, scale, seeds, settings, folder } = request
      const set = [...flattenSettings(settings ?? {})].map(([path, value]) => `${path}=${value}`)
      const order: StudyOrder = { study, scale, ...(seeds ? { seeds } : {}), ...(set.length > 0 ? { set } : {}) }
      assertStudyInstalled(order, store)
      return { kind: 'study', order, ...(folder === undefined ? {} : { folder }) }
    }
  }
}

/** @throws ConfigError, InvalidRequest or StoreError where it cannot be done as asked */
function assertStudyInstalled(order: StudyOrder, store: Store | null): void {
  const plan = planFromOrder(order)
  const inits = parseInits(plan, order.init ?? [])
  refuseMissingEngines(plan, store && studyIn(store, plan, inits))
}

/** Whether a job that ended before it was done has anything left to go on with; what its run lacks may come to it otherwise. */
export function hasMore(job: StoredJob, store: Store): boolean {
  const work = storedWork(job)
  return work.kind !== 'resume' || allowed(() => toGoOn(store, work)) !== null
}

/** null where it is refused. */
function allowed<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof InvalidRequest || error instanceof StoreError) return null
    throw error
  }
}

/** The training that a job does in two parts, by the run that it is at: a training with a fine-tuning of its own, or that. */
export function trainingInParts({ kind, request }: StoredJob, run: string | null, store: Store): string | null {
  if (run === null || kind === 'fine-tune' || kind === 'study') return null
  const found = allowed(() => store.run(run))
  if (found?.kind === 'train') return found.config.fineTune.tasks > 0 ? found.id : null
  const work = JSON.parse(request) as Work
  return found === null || (work.kind === 'resume' && work.run === found.id) ? null : found.parentRun
}

/** Its files only below the database's folder. @throws InvalidRequest where they would lie elsewhere */
export const confinedWork = (work: Work, database: string): Work =>
  work.kind === 'study' && work.folder !== undefined
    ? { ...work, folder: confinedPath(dirname(database), work.folder) }
    : work

/** The run that a job would go on with. @throws InvalidRequest where there is nothing to do, or no way to do it */
export function resumable(store: Store, asked: { readonly run: string } & HowToGoOn): Run {
  const run = toGoOn(store, asked)
  if (asked.engine === undefined) assertOwnEngine(run)
  else assertInstalled(asked.engine)
  return run
}

function toGoOn(store: Store, { run: reference, iterations }: { readonly run: string } & HowToGoOn): Run {
  const run = store.run(reference)
  const { id, name, kind, total, done, status } = run
  const what = `Run ${id} (${name})`
  if (status === 'running') throw new InvalidRequest(`${what} is in progress already.`)
  if (!canGoOn(store, run))
    throw new InvalidRequest(
      `${what} cannot go on: it was imported from a bundle (${run.source}), and bundles leave the state of training behind.`,
    )
  if (iterations !== undefined && iterations !== total) {
    const obstacle = kind === 'fine-tune' ? `${what} is a fine-tuning: it has no iterations.` : store.extendObstacle(id)
    if (obstacle !== null) throw new InvalidRequest(obstacle)
    if (iterations < total)
      throw new InvalidRequest(
        `${what} is configured for ${total} iterations: it can be extended to more, not to fewer.`,
      )
    return run
  }
  if (done >= total && !lacksFineTuning(store, run))
    throw new InvalidRequest(`${what} is complete: only more iterations would go on with it.`)
  if (done >= total && ownFineTuning(store, run)?.status === 'running')
    throw new InvalidRequest(`${what} is complete, and its fine-tuning is in progress already.`)
  return run
}

/** @throws InvalidRequest where the job that goes on with a run already does so in another way than this work */
export function assertDoes(job: StoredJob, work: Work): void {
  if (work.kind !== 'resume') return
  const stored = storedWork(job)
  const { iterations, engine }: HowToGoOn = stored.kind === 'resume' ? stored : {}
  if (work.iterations !== undefined && work.iterations !== iterations)
    throw new InvalidRequest(
      `${job.name} is in the queue already, to go on as it is configured: remove that job to extend the run.`,
    )
  if (work.engine !== undefined && work.engine !== engine)
    throw new InvalidRequest(
      `${job.name} is in the queue already, to go on by ${engine ?? 'the engine that computed it so far'}: remove that ` +
        'job to choose another one.',
    )
}

export function jobOf(work: Work, store: Store): NewJob {
  const request = JSON.stringify(work)
  switch (work.kind) {
    case 'train':
      return { kind: 'train', name: work.name, request, run: null }
    case 'fine-tune':
      return { kind: 'fine-tune', name: work.name, request, run: null }
    case 'resume':
      return { kind: 'resume', name: store.run(work.run).name, request, run: work.run }
    case 'study':
      return { kind: 'study', name: `${work.order.study}, ${work.order.scale}`, request, run: null }
  }
}

/**
 * The work of a stored job; configurations of an older version of the program in today's form. A job that has had its
 * turn goes on with the run that it made then.
 */
export function storedWork({ request, run }: Pick<StoredJob, 'request' | 'run'>): Work {
  const work = JSON.parse(request) as Work
  if (work.kind !== 'train' && work.kind !== 'fine-tune') return work
  return run === null ? { ...work, config: parseRunConfig(migrateConfig(work.config)) } : { kind: 'resume', run }
}

/** @throws InvalidRequest where there is nothing left to do, or no way to do it */
export function assertGoesOn(work: Work, store: Store): void {
  if (work.kind === 'resume') resumable(store, work)
  else if (work.kind === 'study') assertStudyInstalled(work.order, store)
  else assertInstalled(work.config.engine)
}

/** Where a study's figures go: beside the database where no folder is named, and never over what is there. */
export function studyFolder(
  database: string,
  { order, folder }: Extract<Work, { kind: 'study' }>,
  plan: StudyPlan,
): string {
  const beside = dirname(database)
  if (folder !== undefined) return resolve(beside, folder)
  const base = join(beside, `study-${plan.id}-${plan.scale}`)
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? base : `${base}-${number}`
    if (obstacleIn(candidate, { order, plan }) === null) return candidate
  }
}
