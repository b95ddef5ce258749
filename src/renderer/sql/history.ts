// Queries that were asked, the newest first, each once; kept by the browser where it keeps anything.

const KEY = 'sql-history'
const LIMIT = 50
const DRAFT = 'sql-draft'

export function withQuery(history: readonly string[], sql: string): string[] {
  const asked = sql.trim()
  return asked === '' ? [...history] : [asked, ...history.filter((other) => other !== asked)].slice(0, LIMIT)
}

export function readHistory(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(stored) ? stored.filter((sql) => typeof sql === 'string') : []
  } catch {
    return []
  }
}

export const writeHistory = (history: readonly string[]): void => keep(KEY, JSON.stringify(history))

/** What stands in the editor. */
export function readDraft(): string | null {
  try {
    return localStorage.getItem(DRAFT)
  } catch {
    return null
  }
}

export const writeDraft = (sql: string): void => keep(DRAFT, sql)

/** A convenience only: where nothing is kept, it is gone next time. */
function keep(key: string, text: string): void {
  try {
    localStorage.setItem(key, text)
  } catch {
    return
  }
}
