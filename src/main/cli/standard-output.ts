/** What happens when standard output takes no more: its reader has gone (`| head`), or its disk is full. */

export interface OutputLoss {
  readonly code: string
  readonly message: string
}

let onLoss: (loss: OutputLoss) => void = endProcess
let lost = false

/** Call it once, before anything is written. */
export function watchStandardOutput(): void {
  process.stdout.on('error', ({ code = 'unknown', message }: NodeJS.ErrnoException) => {
    // Every later write fails as well.
    if (lost) return
    lost = true
    onLoss({ code, message: describe(code, message) })
  })
}

/** For work that has something to save first: calls `handle` instead of ending the process. */
export function onOutputLoss(handle: (loss: OutputLoss) => void): void {
  onLoss = handle
}

/** A reader that has seen enough (`cmaml rollout | head`) is no error. */
function endProcess({ code, message }: OutputLoss): void {
  if (code === 'EPIPE') process.exit(0)
  process.stderr.write(`error: ${message}\n`)
  process.exit(1)
}

function describe(code: string, message: string): string {
  if (code === 'EPIPE') return 'Nobody reads the standard output any more.'
  if (code === 'ENOSPC') return 'No space is left for the standard output.'
  return `The standard output cannot be written: ${message}.`
}
