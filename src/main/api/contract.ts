// The one contract between the interface and the machine: every question the renderer may ask, with the schema of the
// answer. Both transports (Electron IPC and HTTP) serve it; the renderer imports its types only.
import { oc, type ContractRouterClient } from '@orpc/contract'
import { z } from 'zod'

/** What the interface says about the program itself. */
export const appInfo = z.object({
  version: z.string(),
  /** Absolute path of the database; `null` as long as no run has created one. */
  databaseFile: z.string().nullable(),
  /** Whether the program came with runs to look at, which `demonstration.open` imports. */
  hasDemonstration: z.boolean(),
})
export type AppInfo = z.infer<typeof appInfo>

/** One line of the runs table: the part of the store's RunSummary that the page shows. */
export const runSummary = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['train', 'fine-tune']),
  /** How it trains; `null` where it fine-tunes. */
  method: z.enum(['meta', 'pre-train']).nullable(),
  status: z.enum(['running', 'completed', 'stopped', 'failed', 'interrupted']),
  /** Why it failed. */
  reason: z.string().nullable(),
  world: z.string(),
  algorithm: z.string(),
  seed: z.number(),
  /** Iterations or fine-tuning results committed so far, and asked for. */
  done: z.number(),
  total: z.number(),
  /** Milliseconds since the Unix epoch. */
  createdAt: z.number(),
})
export type RunSummary = z.infer<typeof runSummary>

/** What importing a bundle did. */
export const imported = z.object({
  /** Runs that were not there before. */
  added: z.number(),
})
export type Imported = z.infer<typeof imported>

export const contract = {
  app: { info: oc.output(appInfo) },
  runs: { list: oc.output(z.array(runSummary)) },
  demonstration: { open: oc.output(imported) },
}

/** The contract as the renderer calls it. */
export type ApiClient = ContractRouterClient<typeof contract>

/**
 * The one function that the preload script exposes: opens a connection to the main process. Messages from main go to
 * `receive`; the returned function sends a message to main.
 */
export type ConnectToMain = (receive: (message: unknown) => void) => (message: unknown) => void
