// What the handlers work with; `createServices` makes it.
import type { BinKeeper } from '../services/bin-keeper.ts'
import type { EngineKeeper } from '../services/engines/keeper.ts'
import type { JobQueue } from '../services/jobs/queue.ts'
import type { LiveTrainer } from '../services/live-trainer.ts'
import type { LogFile } from '../services/log-file.ts'
import type { PreferencesService } from '../services/preferences.ts'
import type { RunFeed } from '../services/run-feed.ts'
import type { StoreHandle } from '../services/store-handle.ts'
import type { Activity, AppInfo, SqlAnswer } from './contract.ts'
import type { MenuCommands } from './menu-commands.ts'

export interface ApiContext {
  /** A page in a browser may do less with files than the desktop app's own. */
  readonly host: AppInfo['host']
  appInfo(): Promise<AppInfo>
  readonly preferences: PreferencesService
  readonly menuCommands: MenuCommands
  readonly database: StoreHandle
  readonly feed: RunFeed
  readonly bin: BinKeeper
  readonly liveTrainer: LiveTrainer
  readonly jobs: JobQueue
  readonly engines: EngineKeeper
  /** The queue now, and whenever it changes. */
  watchJobs(signal?: AbortSignal): AsyncGenerator<Activity, void, void>
  /** Seconds until the end of a run that is worked on; null where nobody can say. */
  eta(run: string): number | null
  /** One statement that only reads. */
  query(sql: string, limit: number, signal?: AbortSignal): Promise<SqlAnswer>
  readonly log: LogFile
  /** The bundle that came with the program. */
  readonly demonstration: string
}
