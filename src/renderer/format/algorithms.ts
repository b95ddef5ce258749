// What algorithms are called on the screens.
import { ALGORITHM_NAMES } from '../../core/study/plan/fine-tuning-algorithm.ts'

const NAMES: Readonly<Record<string, string>> = ALGORITHM_NAMES

/** As titles and captions call it; one that this version does not know, as it is stored. */
export const algorithmName = (algorithm: string): string => NAMES[algorithm] ?? algorithm

/** Where there is no room for more, as in the table of runs. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  'trpo-lag': 'TRPO-Lag.',
  cpo: 'CPO',
  pcpo: 'PCPO',
  trpo: 'TRPO',
  gradient: 'gradient',
} satisfies Record<keyof typeof ALGORITHM_NAMES, string>

export const shortAlgorithmName = (algorithm: string): string => SHORT_NAMES[algorithm] ?? algorithm
