// A small API with everything that the transports have to carry.
import { createRouterClient, EventPublisher, os, type RouterClient } from '@orpc/server'
import { setTimeout as sleep } from 'node:timers/promises'

export interface SampleContext {
  readonly events: EventPublisher<{ tick: number }>
  /** How many streams are being answered. */
  streams: number
  /** Every number that `count` may give out lies below; it waits where it gets there. */
  available: number
  /** How many items `flood` has given out. */
  made: number
}

export const createContext = (available = Infinity): SampleContext => ({
  events: new EventPublisher<{ tick: number }>({ maxBufferedEvents: Infinity }),
  streams: 0,
  available,
  made: 0,
})

const base = os.$context<SampleContext>()

export const router = {
  echo: base.handler(({ input }) => input as unknown),
  fail: base.handler((): string => {
    throw new Error('the disk is full')
  }),
  /** Waits until it is cancelled. */
  wait: base.handler(async ({ context, signal }) => {
    context.streams += 1
    try {
      await sleep(60_000, undefined, signal === undefined ? {} : { signal })
    } finally {
      context.streams -= 1
    }
  }),
  ticks: base.handler(async function* ({ context, signal }) {
    context.streams += 1
    try {
      for await (const tick of context.events.subscribe('tick', { signal }))
        yield new Float64Array([tick, NaN, Infinity])
    } finally {
      context.streams -= 1
    }
  }),
  failLater: base.handler(async function* () {
    yield 1
    throw new Error('the run is gone')
  }),
  /** Always has more to say. */
  flood: base.handler(async function* ({ context }) {
    context.streams += 1
    try {
      for (;;) {
        context.made += 1
        yield new Uint8Array(100_000)
      }
    } finally {
      context.streams -= 1
    }
  }),
  /** 1, 2, 3, ... after the cursor, as far as they are available. */
  count: base.handler(async function* ({ context, input, signal }) {
    context.streams += 1
    try {
      for (let cursor = ((input as number | null) ?? 0) + 1; ; cursor++) {
        while (cursor > context.available) await sleep(5, undefined, signal === undefined ? {} : { signal })
        yield { cursor }
      }
    } finally {
      context.streams -= 1
    }
  }),
}

export type SampleClient = RouterClient<typeof router>

/** Without any transport, to compare with. */
export const direct = (context: SampleContext): SampleClient => createRouterClient(router, { context })
