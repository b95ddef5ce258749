import type { TrainerCommand, TrainerEvent } from './protocol.ts'

/** A trainer process from its owner's side, whatever started it. */
export interface TrainerProcess {
  /** Process id; undefined before it runs. */
  readonly pid: number | undefined
  send(command: TrainerCommand): void
  /** Ends it without asking; resolves when it is gone. */
  kill(): Promise<void>
}

export interface TrainerListener {
  event(event: TrainerEvent): void
  /** It could not be started, or it is gone, asked to or not. */
  ended(error: Error): void
}

/** Starts the program `entry` as a trainer process. */
export type LaunchTrainer = (entry: string, listener: TrainerListener) => TrainerProcess

/** The trainer process ended without being asked to. */
export class TrainerCrash extends Error {
  constructor(how: string, stderr: string) {
    super(`The trainer process ended unexpectedly (${how}).${stderr ? `\n${stderr.trim()}` : ''}`)
    this.name = 'TrainerCrash'
  }
}

const STDERR_KEPT = 4000

/** Keeps the end of what a stream says, for the message about a crash. */
export function lastWords(stream: NodeJS.ReadableStream | null): () => string {
  let words = ''
  stream?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-STDERR_KEPT)
  })
  return () => words
}
