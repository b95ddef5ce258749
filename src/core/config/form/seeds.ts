/** Most runs that are started at once. */
const MOST_RUNS = 100
const LARGEST_SEED = 2 ** 31 - 1

/** Seeds as a person writes them, `1..3` or `1, 4, 7..9`: in this order, each once; else what is wrong with the text. */
export function readSeeds(text: string): { readonly seeds: readonly number[] } | { readonly problem: string } {
  const seeds = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^\s*(\d+)\s*(?:\.\.\s*(\d+)\s*)?$/.exec(part)
    const from = Number(match?.[1] ?? NaN)
    const to = Number(match?.[2] ?? match?.[1] ?? NaN)
    if (!(from <= to && to <= LARGEST_SEED))
      return { problem: `seeds is "${part.trim()}"; allowed: seeds and ranges such as 1, 4 or 1..3` }
    if (to - from >= MOST_RUNS || seeds.size + to - from >= MOST_RUNS)
      return { problem: `seeds names more than ${MOST_RUNS} runs; allowed: at most ${MOST_RUNS} at once` }
    for (let seed = from; seed <= to; seed++) seeds.add(seed)
  }
  return { seeds: [...seeds] }
}
