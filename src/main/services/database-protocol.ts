// Between the program and a process that works on its database; plain values only, since Node and Electron copy messages
// in their own ways.
import type { ComparisonLayout } from '../../core/study/comparison/layout.ts'
import type { NamedFile } from './compare/report.ts'
import type { ComparisonSource } from '../../core/study/comparison/compared-data.ts'
import type { StoreErrorCode } from '../store/errors.ts'
import type { GcReport } from '../store/store.ts'

export interface QueryRequest {
  readonly work: 'query'
  /** Of the database. */
  readonly file: string
  readonly sql: string
  /** Rows that are answered at most. */
  readonly limit: number
  /** The process ends itself after so long, even if its owner is gone (ms). */
  readonly longest: number
}

interface StoreRequest {
  /** Of the database. */
  readonly file: string
  readonly appVersion: string
}

export interface BackupRequest extends StoreRequest {
  readonly work: 'backup'
  /** The copy, which is not there yet. */
  readonly target: string
}

export interface CompactRequest extends StoreRequest {
  readonly work: 'compact'
}

/** A comparison as a file: tens of thousands of resamples, and pictures. */
export interface ComparisonFileRequest extends StoreRequest {
  readonly work: 'comparison-file'
  readonly source: ComparisonSource
  /** Of a report, where it is not as the comparison is kept. */
  readonly layout?: ComparisonLayout | undefined
  readonly format: 'report' | 'zip' | 'bundle'
  readonly episodes: boolean
  readonly trainings: boolean
}

export type DatabaseRequest = QueryRequest | BackupRequest | CompactRequest | ComparisonFileRequest

export type QueryValue = string | number | null

export interface QueryAnswer {
  readonly columns: string[]
  /** BLOBs are answered as their size in words, infinities and integers beyond 2^53 as texts. */
  readonly rows: QueryValue[][]
  /** Whether there are more rows than were asked for. */
  readonly more: boolean
  readonly seconds: number
}

interface Answers {
  readonly query: QueryAnswer
  readonly backup: { readonly target: string }
  readonly compact: GcReport
  readonly 'comparison-file': NamedFile
}

export type AnswerTo<R extends DatabaseRequest> = Answers[R['work']]

export interface Problem {
  readonly problem: string
  /** Where the store refused. */
  readonly code?: StoreErrorCode
}

export type DatabaseReply = Answers[keyof Answers] | Problem
