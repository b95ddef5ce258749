// The one contract between the interface and the machine: every question the renderer may ask, with the schema of the
// answer. Both transports (Electron IPC and WebSocket) serve it; the renderer imports its types only.
import type { ContractRouterClient } from '@orpc/contract'
import { appContract, databaseContract, demonstrationContract } from './contract/app.ts'
import { binContract } from './contract/bin.ts'
import { checkpointsContract } from './contract/checkpoints.ts'
import { comparisonsContract } from './contract/comparisons.ts'
import { enginesContract } from './contract/engines.ts'
import { episodesContract } from './contract/episodes.ts'
import { jobsContract } from './contract/jobs.ts'
import { metricsContract } from './contract/metrics.ts'
import { runsContract } from './contract/runs.ts'
import { tasksContract } from './contract/tasks.ts'

export type * from './contract/app.ts'
export type * from './contract/bin.ts'
export type * from './contract/checkpoints.ts'
export type * from './contract/comparisons.ts'
export type * from './contract/engines.ts'
export type * from './contract/episodes.ts'
export type * from './contract/jobs.ts'
export type * from './contract/metrics.ts'
export type * from './contract/runs.ts'
export type * from './contract/tasks.ts'

export const contract = {
  app: appContract,
  runs: runsContract,
  bin: binContract,
  metrics: metricsContract,
  checkpoints: checkpointsContract,
  comparisons: comparisonsContract,
  tasks: tasksContract,
  episodes: episodesContract,
  jobs: jobsContract,
  engines: enginesContract,
  database: databaseContract,
  demonstration: demonstrationContract,
}

/** The contract as the renderer calls it. */
export type ApiClient = ContractRouterClient<typeof contract>

/**
 * The one function that the preload script exposes: opens a connection to the main process. Messages from main go to
 * `receive`; the returned function sends a message to main.
 */
export type ConnectToMain = (receive: (message: unknown) => void) => (message: unknown) => void
