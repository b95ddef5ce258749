import type { RunRow } from '../../main/api/contract.ts'
import { formatDate } from '../format/times.ts'

/** In a list to choose from: runs of one study often share their name, unless it says the seed. */
export function runLabel({ name, seed, createdAt }: Pick<RunRow, 'name' | 'seed' | 'createdAt'>): string {
  const saysSeed = new RegExp(`\\bseed ${seed}\\b`).test(name)
  return [name, ...(saysSeed ? [] : [`seed ${seed}`]), formatDate(createdAt)].join(' · ')
}
