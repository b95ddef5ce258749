/**
 * Where a command's words go. Results go to standard output, everything about the way there to standard error, so that
 * a pipe gets results alone. With `--json` a result is one JSON value, or a line of JSON per item of a stream.
 */
import type { Progress } from '../services/progress.ts'
import { jsonText } from './json.ts'
import { formatDuration } from './table.ts'

export interface Output {
  readonly json: boolean
  /** The result: `value` as JSON, or `text()` for people. */
  result(value: unknown, text: () => string): void
  /** One item of a stream, only seen with `--json`. */
  event(value: object): void
  /** One item of a stream for both kinds of readers. */
  line(value: object, text: string): void
  /** A remark for people. */
  note(text: string): void
  /** Something that may spoil the result. */
  warn(text: string): void
  progress(label: string): ProgressDisplay
}

export interface ProgressDisplay {
  /** @param detail a few words on how it goes */
  update(progress: Progress, detail: string): void
  finish(): void
}

/** Without a terminal, progress is a line as often as this. */
const LINE_SECONDS = 10
const BAR_WIDTH = 16
/** On a narrower terminal the numbers need the bar's place. */
const NARROW_COLUMNS = 70

export function createOutput(json: boolean): Output {
  // The line of a bar in progress has to be cleared before anything else is written to the terminal.
  let bar = ''
  const clearBar = () => {
    if (bar) process.stderr.write('\r\x1b[K')
    bar = ''
  }
  const write = (text: string) => {
    clearBar()
    process.stdout.write(`${text}\n`)
  }
  const remark = (text: string) => {
    clearBar()
    process.stderr.write(`${text}\n`)
  }
  const drawBar = (line: string) => {
    bar = line
    process.stderr.write(`\r\x1b[K${line.slice(0, Math.max(20, (process.stderr.columns || 80) - 1))}`)
  }

  const progress = (label: string): ProgressDisplay => {
    if (json) return { update: () => {}, finish: () => {} }
    let lastLine = -Infinity
    return {
      update(state, detail) {
        const columns = process.stderr.columns || 80
        const bar = columns < NARROW_COLUMNS ? '' : `${drawn(state)} `
        if (process.stderr.isTTY) return drawBar(`${label} ${bar}${described(state)}  ${detail}`)
        const now = performance.now() / 1000
        if (now - lastLine < LINE_SECONDS && state.done < state.total) return
        lastLine = now
        remark(`${label} ${described(state)}  ${detail}`)
      },
      finish: clearBar,
    }
  }
  return {
    json,
    result: (value, text) => write(json ? jsonText(value) : text()),
    event: (value) => {
      if (json) write(jsonText(value))
    },
    line: (value, text) => write(json ? jsonText(value) : text),
    note: (text) => {
      if (!json) remark(text)
    },
    warn: (text) => remark(json ? jsonText({ warning: text }) : `Warning: ${text}`),
    progress,
  }
}

function drawn({ done, total }: Progress): string {
  const filled = total > 0 ? Math.round((done / total) * BAR_WIDTH) : 0
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`
}

function described({ done, total, rate, remaining }: Progress): string {
  const speed = rate >= 1 ? `${rate.toFixed(1)}/s` : `${(60 * rate).toFixed(1)}/min`
  return `${done}/${total}  ${speed}  ETA ${remaining === null ? '-' : formatDuration(remaining)}`
}
