import type { LogLevel, LogLine } from './organisation-rows.ts'
import { printable } from './printable.ts'
import { runKey } from './run-reference.ts'
import { read, write, type Connection } from './transaction.ts'

/** Of a longer text, e.g. an error that quotes what it refuses, the beginning says enough (characters). */
const LONGEST_LINE = 4000

export function appendLog(connection: Connection, id: string, level: LogLevel, text: string): void {
  write(connection, () => appendLine(connection, runKey(connection, id), level, text))
}

/** Within the caller's transaction. */
export function appendLine(connection: Connection, run: number, level: LogLevel, text: string): void {
  connection
    .prepare(
      `INSERT INTO run_log (run, line, time, level, text)
       VALUES (@run, (SELECT coalesce(max(line), 0) + 1 FROM run_log WHERE run = @run), @now, @level, @text)`,
    )
    .run({ run, level, text: printable(text.trim()).slice(0, LONGEST_LINE), now: Date.now() })
}

export function logAfter(connection: Connection, id: string, after: number | null, limit: number): LogLine[] {
  return read(connection, () =>
    connection
      .prepare(
        `SELECT line AS "index", time, level, text FROM run_log WHERE run = ? AND line > ? ORDER BY line LIMIT ?`,
      )
      .all(runKey(connection, id), after ?? 0, limit),
  ) as LogLine[]
}
