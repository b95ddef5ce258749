/** npm passes a Ctrl-C on that the terminal has already sent to the whole process group: that is one, not two. */
const ECHO_MS = 200

export interface Interrupts {
  readonly first: Promise<void>
  readonly second: Promise<void>
}

/** Hears Ctrl-C and SIGTERM from now on; the third ends the process. */
export function hearInterrupts(): Interrupts {
  const waiting = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
  let heard = 0
  let last = -Infinity
  const onSignal = () => {
    const now = performance.now()
    const isEcho = now - last < ECHO_MS
    last = now
    if (isEcho) return
    if (heard === waiting.length) process.exit(1)
    waiting[heard++]!.resolve()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  return { first: waiting[0].promise, second: waiting[1].promise }
}
