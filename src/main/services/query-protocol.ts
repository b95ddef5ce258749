// Between a query's caller and its process; plain values only, since Node and Electron copy messages in their own ways.

export interface QueryRequest {
  /** Of the database. */
  readonly file: string
  readonly sql: string
  /** Rows that are answered at most. */
  readonly limit: number
  /** The process ends itself after so long, even if its owner is gone (ms). */
  readonly longest: number
}

export type QueryValue = string | number | null

export interface QueryAnswer {
  readonly columns: string[]
  /** BLOBs are answered as their size in words. */
  readonly rows: QueryValue[][]
  /** Whether there are more rows than were asked for. */
  readonly more: boolean
  readonly seconds: number
}

export type QueryReply = QueryAnswer | { readonly problem: string }
