/** Every seed of a run is started at once; tasks are many to each run. */
const MOST = { seeds: 100, tasks: 1000 } as const
/** Of runs and of tasks. */
export const LARGEST_SEED = 2 ** 31 - 1

/**
 * Seeds as a person writes them, `1..3` or `1, 4, 7..9`: in this order, each once; else what is wrong with the text.
 *
 * @param of what they are: seeds of runs, or seeds that stand for tasks
 */
export function readSeeds(
  text: string,
  of: keyof typeof MOST = 'seeds',
): { readonly seeds: readonly number[] } | { readonly problem: string } {
  const most = MOST[of]
  const seeds = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^\s*(\d+)\s*(?:\.\.\s*(\d+)\s*)?$/.exec(part)
    const from = Number(match?.[1] ?? NaN)
    const to = Number(match?.[2] ?? match?.[1] ?? NaN)
    if (!(from <= to && to <= LARGEST_SEED))
      return { problem: `${of} is "${part.trim()}"; allowed: seeds and ranges such as 1, 4 or 1..3` }
    if (to - from >= most || seeds.size + to - from >= most)
      return { problem: `${of} names more than ${most}; allowed: at most ${most} at once` }
    for (let seed = from; seed <= to; seed++) seeds.add(seed)
  }
  return { seeds: [...seeds] }
}
