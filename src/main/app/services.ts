// What stands behind the router, for the desktop app and for served mode alike, with its life cycle.
import { homedir } from 'node:os'
import type { ApiContext } from '../api/context.ts'
import type { AppInfo } from '../api/contract.ts'
import { appInfo } from '../services/app-info.ts'
import { createBinKeeper } from '../services/bin-keeper.ts'
import { createChanges } from '../services/changes.ts'
import { appVersion } from '../services/database.ts'
import { demonstrationFile } from '../services/demonstration.ts'
import { createEngineKeeper, type EngineKeeperOptions } from '../services/engines/keeper.ts'
import { follow } from '../services/follow.ts'
import { createJobQueue } from '../services/jobs/job-queue.ts'
import type { JobQueue } from '../services/jobs/queue.ts'
import { startServices, type RunningServices, type Service } from '../services/life-cycle.ts'
import { createLiveTrainer } from '../services/live-trainer.ts'
import { createLogFile, defaultLogFolder } from '../services/log-file.ts'
import { configurationFolder, createPreferences } from '../services/preferences.ts'
import { createQueries } from '../services/query.ts'
import { createRunFeed } from '../services/run-feed.ts'
import { createStoreHandle } from '../services/store-handle.ts'
import { defaultDatabasePath } from '../store/location.ts'
import { backgroundWork } from './background-work.ts'
import type { BackgroundWork } from './close-dialog.ts'
import type { MenuCommands } from '../api/menu-commands.ts'
import { createMenuCommands } from './menu-commands.ts'

/** All by default as the system has it; tests choose their own. */
export interface ServiceOptions {
  readonly host?: AppInfo['host']
  /** Absolute; by default what the preferences say, else the place that `cmaml` uses too. */
  readonly database?: string | undefined
  readonly demonstration?: string
  readonly configurationFolder?: string
  readonly logFolder?: string
  readonly menuCommands?: MenuCommands
  /** What is timed of engines, and when. */
  readonly engines?: Pick<EngineKeeperOptions, 'measured' | 'idleAfter' | 'busyAbove'>
}

export interface Services {
  /** For the router. */
  readonly context: ApiContext
  /** For the frame around it: what is being computed, and how to end it. */
  readonly work: BackgroundWork
  start(): Promise<void>
  /** Ends what is being computed, saves it, and closes everything. */
  stop(): Promise<void>
}

export function createServices(options: ServiceOptions = {}): Services {
  const { env, platform } = process
  const {
    host = 'electron' in process.versions ? 'desktop' : 'browser',
    demonstration = demonstrationFile(),
    menuCommands = createMenuCommands(),
  } = options
  const log = createLogFile(options.logFolder ?? defaultLogFolder(env, platform, homedir()))
  const preferences = createPreferences(options.configurationFolder ?? configurationFolder(env, platform, homedir()))
  const database = createStoreHandle(
    () => options.database ?? preferences.current().databaseFile ?? defaultDatabasePath(env, platform, homedir()),
  )
  const jobs = createJobQueue({
    database,
    confined: host === 'browser',
    workers: () => preferences.current().workers,
    report: onceInARow((error) => log.error('The queue', error)),
  })
  const eta = (run: string) =>
    jobs.activity().jobs.find((job) => job.run === run && job.etaSeconds !== null)?.etaSeconds ?? null
  const feed = createRunFeed(database, eta)
  const bin = createBinKeeper(database, log, () => feed.changes.nudge())
  const liveTrainer = createLiveTrainer()
  const queue = watchQueue(jobs)
  const queries = createQueries()
  const engines = createEngineKeeper({ jobs, log, ...options.engines })

  const context: ApiContext = {
    host,
    appInfo: () => appInfo({ host, database, demonstration, logFolder: log.folder }),
    preferences,
    menuCommands,
    database,
    feed,
    bin,
    liveTrainer,
    jobs,
    engines,
    watchJobs: queue.watch,
    eta,
    query: (sql, limit, signal) => queries.query(database.file, sql, { limit, ...(signal ? { signal } : {}) }),
    log,
    demonstration,
  }

  let unwatch = () => {}
  const logging = service('log', [], {
    start() {
      unwatch = log.watchProcess()
      log.write('info', `C-MAML Studio ${appVersion} started (${host}, ${platform}, Node ${process.versions.node}).`)
    },
    stop() {
      log.write('info', 'C-MAML Studio ended.')
      unwatch()
    },
  })
  const databaseService = service('database', ['log', 'preferences'], {
    async start() {
      const problem = preferences.problem()
      if (problem !== null) log.write('warning', problem)
      const unusable = await database.problem()
      log.write(unusable === null ? 'info' : 'error', unusable ?? `Database: ${database.file}`)
    },
    stop: () => database.close(),
  })
  const feeds = service('feeds', ['database'], {
    start: () => {},
    stop() {
      feed.changes.end()
      queue.end()
    },
  })

  let running: RunningServices | undefined
  return {
    context,
    work: backgroundWork(jobs),
    async start() {
      running ??= await startServices([
        ...[logging, preferences, databaseService, bin, liveTrainer, jobs, engines, queries, feeds],
      ])
    },
    async stop() {
      const stopping = running
      running = undefined
      await stopping?.stop()
    },
  }
}

function service(
  name: string,
  needs: readonly string[],
  work: { start(): void | Promise<void>; stop(): void | Promise<void> },
): Service {
  return { name, needs, start: async () => work.start(), stop: async () => work.stop() }
}

/** The queue as a stream for any number of listeners. */
function watchQueue(jobs: JobQueue) {
  const changes = createChanges(() => Promise.resolve(String(jobs.activity().cursor)))
  const unsubscribe = jobs.onChange(() => changes.nudge())
  return {
    watch: (signal?: AbortSignal) =>
      follow(changes, -1, signal, ({ cursor }) => {
        const activity = jobs.activity()
        return activity.cursor === cursor ? null : activity
      }),
    end() {
      unsubscribe()
      changes.end()
    },
  }
}

/** A database that cannot be used is not reported with every look at it. */
function onceInARow(report: (error: unknown) => void): (error: unknown) => void {
  let last: string | undefined
  return (error) => {
    if (String(error) !== last) report(error)
    last = String(error)
  }
}
