/** How smoothly a page draws while something is done to it. */
import type { Page } from 'playwright-core'

/** @returns frames per second, their number, and the longest time between two of them (ms) */
export async function framesWhile(
  page: Page,
  work: () => Promise<void>,
): Promise<{ rate: number; count: number; longest: number }> {
  const frames = await page.evaluateHandle(() => {
    const seen = { times: [] as number[], goesOn: true }
    const each = (time: number) => {
      seen.times.push(time)
      if (seen.goesOn) requestAnimationFrame(each)
    }
    requestAnimationFrame(each)
    return seen
  })
  await work()
  return frames.evaluate((seen) => {
    seen.goesOn = false
    const gaps = seen.times.slice(1).map((time, i) => time - seen.times[i]!)
    const sum = gaps.reduce((total, gap) => total + gap, 0)
    return { rate: (1000 * gaps.length) / sum, count: gaps.length, longest: Math.max(...gaps) }
  })
}
