// The border of the wire: whether a message is one that oRPC's peer understands. What it carries is parsed by the
// schemas of the contract.
import { z } from 'zod'

/** Kinds of messages that a page sends (`MessageType` of @orpc/standard-server-peer; a request goes without). */
const EVENT_OF_A_STREAM = 3
const CANCEL = 4

const requestMessage = z.union([
  z.object({
    i: z.string(),
    t: z.literal(1).optional(),
    p: z.object({
      // Path of the procedure.
      u: z.string().startsWith('/'),
      h: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
      m: z.enum(['GET', 'POST']).optional(),
      b: z.unknown().optional(),
    }),
  }),
  z.object({
    i: z.string(),
    t: z.literal(EVENT_OF_A_STREAM),
    p: z.object({ e: z.string(), d: z.unknown().optional() }),
  }),
  z.object({ i: z.string(), t: z.literal(CANCEL) }),
])

/** In a binary message this byte, which UTF-8 never uses, parts the JSON from the bytes. */
const DELIMITER = 255

export function isRequestMessage(message: unknown): boolean {
  const text = typeof message === 'string' ? message : message instanceof Uint8Array ? jsonPart(message) : undefined
  if (text === undefined) return false
  try {
    return requestMessage.safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}

function jsonPart(bytes: Uint8Array): string {
  const end = bytes.indexOf(DELIMITER)
  return new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end))
}
