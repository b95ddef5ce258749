import { nearMiss } from '../text/near-miss.ts'

/** The candidate that a word was probably meant to be: one that begins with it, else one that is close enough. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase()
  const beginning = candidates.find((candidate) => wanted !== '' && candidate.toLowerCase().startsWith(wanted))
  return beginning ?? nearMiss(word, candidates)
}
