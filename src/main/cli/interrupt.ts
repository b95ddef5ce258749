/** Ctrl-C: the first stops after what is being worked on is saved, the second stops at once, the third kills. */
import { stopSignals, type StopSignals } from '../services/stop-signals.ts'
import type { Output } from './output.ts'
import { onOutputLoss, type OutputLoss } from './standard-output.ts'

/** npm passes a Ctrl-C on that the terminal has already sent to the whole process group: that is one, not two. */
const ECHO_MS = 200

/** The work was asked to stop, and has saved and told what there is. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
}

/**
 * Calls `work` with signals that follow Ctrl-C, SIGTERM and the loss of standard output, which ends in an error.
 *
 * @throws Stopped after work that was asked to stop, so that no shell takes it for done and goes on with what follows
 */
export async function interruptible<T>(output: Output, work: (signals: StopSignals) => Promise<T>): Promise<T> {
  const asked = stopSignals()
  let loss: OutputLoss | undefined
  const onSignal = withoutEchoes(() => {
    if (asked.abort.aborted) process.exit(1)
    if (asked.stop.aborted) {
      output.note('Stopping at once; what was saved before stays.')
      return asked.request('now')
    }
    asked.request('iteration')
  })
  // Another program may ask too, through the database.
  asked.stop.addEventListener('abort', () => {
    // Nobody is there to read it.
    if (loss) return
    output.note('Stopping once the iteration or the tasks in progress are saved. Press Ctrl-C again to stop at once.')
    output.event({ type: 'stopping' })
  })
  onOutputLoss((what) => {
    loss = what
    asked.request('iteration')
  })
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, onSignal)
  try {
    const result = await work(asked)
    // A write that has just been made fails a moment later.
    await new Promise((resolve) => setImmediate(resolve))
    if (loss) throw new Error(`${loss.message} The work was stopped after saving; --resume goes on with it.`)
    if (asked.stop.aborted) throw new Stopped('Stopped.')
    return result
  } finally {
    for (const signal of signals) process.off(signal, onSignal)
  }
}

/**
 * For work that has nothing to save in between: the first Ctrl-C ends it, the second kills.
 *
 * @throws Stopped after work that was ended so, also where it has something to return
 */
export async function aborting<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { keeps = '' }: { readonly keeps?: string } = {},
): Promise<T> {
  const aborted = new AbortController()
  const onSignal = withoutEchoes(() => {
    if (aborted.signal.aborted) process.exit(1)
    process.stderr.write(`\n${keeps || 'Cancelled.'}\n`)
    aborted.abort(new Error('Cancelled.'))
  })
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, onSignal)
  try {
    const result = await work(aborted.signal)
    aborted.signal.throwIfAborted()
    return result
  } catch (error) {
    throw aborted.signal.aborted ? new Stopped('Cancelled.', { cause: error }) : error
  } finally {
    for (const signal of signals) process.off(signal, onSignal)
  }
}

/** Calls `onPress` but for signals that follow another at once: one Ctrl-C may be heard twice. */
function withoutEchoes(onPress: () => void): () => void {
  let last = -Infinity
  return () => {
    const now = performance.now()
    const isEcho = now - last < ECHO_MS
    last = now
    if (!isEcho) onPress()
  }
}
