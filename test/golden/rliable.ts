/** Reader of rliable.json; README.md beside this file describes every field. */
import { readFileSync } from 'node:fs'
import type { Versions } from './read.ts'

type Bracket = [least: number, greatest: number]

/** Ends of an interval of several numbers, and between what an independent bootstrap's ends must lie. */
export interface GoldenInterval {
  low: number[]
  high: number[]
  lowBracket: [least: number[], greatest: number[]]
  highBracket: [least: number[], greatest: number[]]
}

type ByResampling = Partial<Record<'runs' | 'runs-and-tasks' | 'tasks', GoldenInterval>>

export interface RliableScores {
  versions: Versions
  confidence: number
  testResamples: number
  gamma: number
  taus: number[]
  statistics: ('mean' | 'median' | 'iqm' | 'optimalityGap')[]
  matrices: {
    name: string
    /** [R][T] */
    scores: number[][]
    /** In the order of `statistics`. */
    aggregates: number[]
    /** At each of `taus`. */
    profile: number[]
    /** With one run, none over `runs`. */
    aggregateIntervals: ByResampling
    profileIntervals: ByResampling
  }[]
  improvements: { name: string; x: number[][]; y: number[][]; value: number; interval: GoldenInterval | null }[]
}

export function readRliableScores(): RliableScores {
  return JSON.parse(readFileSync(new URL('rliable.json', import.meta.url)).toString()) as RliableScores
}

/** The brackets of one of the interval's numbers. */
export function bracketsOf(interval: GoldenInterval, index: number): { low: Bracket; high: Bracket } {
  const at = ([least, greatest]: [number[], number[]]): Bracket => [least[index]!, greatest[index]!]
  return { low: at(interval.lowBracket), high: at(interval.highBracket) }
}
