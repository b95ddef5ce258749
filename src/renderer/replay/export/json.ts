import type { Actor } from '../actors.ts'

/** The episodes in full: typed arrays as plain ones, in the rows that `Episode` describes. */
export function episodesJson(actors: readonly Actor[]): string {
  const plain = actors.map(({ name, detail, episode }) => ({ name, detail, ...episode }))
  return JSON.stringify(
    { format: 'cmaml-episodes', version: 1, stepSeconds: 0.02, episodes: plain },
    (_, value: unknown) => (ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value),
  )
}
