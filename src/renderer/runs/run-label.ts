import type { RunRow } from '../../main/api/contract.ts'
import { formatDate } from '../format/times.ts'

/** In a list to choose from: runs of one study often share their name. */
export const runLabel = ({ name, seed, createdAt }: Pick<RunRow, 'name' | 'seed' | 'createdAt'>): string =>
  `${name} · seed ${seed} · ${formatDate(createdAt)}`
