// The test's way into the main process, like `evaluate` of Playwright's Electron driver: a function sent as source.

export interface ControlRequest {
  id: number
  source: string
  argument: unknown
}

export type ControlReply = { id: number; value: unknown } | { id: number; error: string }

export function answerTest(electron: object): void {
  if (process.send === undefined) return
  process.on('message', (request: ControlRequest) => {
    void reply(electron, request).then((answer) => process.send?.(answer))
  })
  // The channel does not keep the app running.
  process.channel?.unref()
}

async function reply(electron: object, { id, source, argument }: ControlRequest): Promise<ControlReply> {
  try {
    const evaluated = new Function(`return (${source})`)() as (electron: object, argument: unknown) => unknown
    return { id, value: await evaluated(electron, argument) }
  } catch (error) {
    return { id, error: String(error) }
  }
}
