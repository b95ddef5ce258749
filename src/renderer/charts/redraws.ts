// Drawings that are there already and have to be drawn anew: each at most once a frame, and no more than a frame holds.

/** Of a frame (ms). Less than half of one: the browser has the painted canvases to put together. */
const BUDGET_MS = 6

interface Redraw {
  readonly work: () => void
  readonly first: boolean
}

/** In the order in which they asked. */
const waiting = new Map<symbol, Redraw>()
let frame = 0

/**
 * Draws in the next frame, or where that is full, in one of those that follow. Who asks again before it has its turn keeps
 * its place; its newest `work` counts. With `first` it comes before all others, in every frame: what the hand moves.
 */
export function askRedraw(drawing: symbol, work: () => void, first: boolean): void {
  waiting.set(drawing, { work, first })
  frame ||= requestAnimationFrame(serve)
}

export function cancelRedraw(drawing: symbol): void {
  waiting.delete(drawing)
}

function serve(): void {
  frame = 0
  const until = performance.now() + BUDGET_MS
  try {
    for (const [drawing, { first }] of waiting) if (first) redraw(drawing)
    for (const drawing of waiting.keys()) {
      // At least one each frame, so that everybody has a turn however long the first ones take.
      redraw(drawing)
      if (performance.now() > until) break
    }
  } finally {
    if (waiting.size > 0) frame ||= requestAnimationFrame(serve)
  }
}

function redraw(drawing: symbol): void {
  const { work } = waiting.get(drawing)!
  waiting.delete(drawing)
  work()
}
