// Drawings that are made for the first time, one after the other: the first is seen while the others are still to come.
import { nextTick } from 'vue'

/** Of a frame (ms); what is not done by then waits for the next one. */
const BUDGET_MS = 12

const waiting = new Set<() => void>()
let isServing = false

/** Does `work` when all who asked before have had their turn. What `work` makes Vue render belongs to the turn. */
export function takeTurn(work: () => void): { readonly cancel: () => void } {
  waiting.add(work)
  if (!isServing) void serve()
  return { cancel: () => waiting.delete(work) }
}

async function serve(): Promise<void> {
  isServing = true
  try {
    // Everybody who is mounted now asks first.
    await nextTick()
    while (waiting.size > 0) {
      const until = performance.now() + BUDGET_MS
      for (const work of waiting) {
        waiting.delete(work)
        work()
        await nextTick()
        if (performance.now() > until) break
      }
      if (waiting.size > 0) await new Promise(requestAnimationFrame)
    }
  } finally {
    isServing = false
  }
}
