// JSON as a person edits it: where it is broken, and on which line each setting stands.

/** Text that is read as one JSON object, or what is wrong with it and where. */
export type JsonText =
  | { readonly value: Readonly<Record<string, unknown>>; lineOf(path: string): number }
  | { readonly problem: string; readonly line: number }

class Broken extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

/** Lines count from 1. A key that stands twice in one object is an error: JSON.parse would drop the first in silence. */
export function readJsonObject(text: string): JsonText {
  const lineAt = (position: number) => text.slice(0, position).split('\n').length
  const positions = new Map<string, number>()
  try {
    const value = readDocument(text, positions)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { problem: 'this is not an object of settings: { … }', line: 1 }
    return { value: value as Record<string, unknown>, lineOf: (path) => lineAt(nearest(positions, path)) }
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    return { problem: error.message, line: lineAt(error.at) }
  }
}

/** Position of a path, else of the section that it would stand in. */
function nearest(positions: ReadonlyMap<string, number>, path: string): number {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const position = positions.get(at)
    if (position !== undefined) return position
  }
  return 0
}

function readDocument(text: string, positions: Map<string, number>): unknown {
  let at = 0

  const skipSpace = () => {
    while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++
  }
  const shown = () => (at < text.length ? `“${text[at]!}”` : 'the end of the text')
  const expectSign = (sign: string, after: string) => {
    skipSpace()
    if (text[at] !== sign) throw new Broken(`${after} should be followed by “${sign}”, not by ${shown()}`, at)
    at++
  }
  const token = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0]
  }

  function readValue(path: string): unknown {
    skipSpace()
    if (text[at] === '{') return readObject(path)
    if (text[at] === '[') return readList(path)
    const literal = token(/"(?:[^"\\\n]|\\.)*"|-?\d[\w.+-]*|true|false|null/y)
    if (literal === undefined) throw new Broken(`${path === '' ? 'The text' : path} has no value before ${shown()}`, at)
    try {
      const value: unknown = JSON.parse(literal)
      at += literal.length
      return value
    } catch {
      throw new Broken(`${literal} is not a JSON value`, at)
    }
  }

  /** Items up to the closing sign, with commas between them. */
  function readItems(close: string, readItem: (index: number) => void): void {
    const opened = at++
    for (let index = 0; ; index++) {
      skipSpace()
      if (text[at] === close && index === 0) break
      readItem(index)
      skipSpace()
      if (text[at] === close) break
      if (at >= text.length) throw new Broken(`“${text[opened]!}” is never closed`, opened)
      expectSign(',', 'A value')
    }
    at++
  }

  function readObject(path: string): Record<string, unknown> {
    const entries = new Map<string, unknown>()
    readItems('}', () => {
      const start = at
      const written = token(/"(?:[^"\\\n]|\\.)*"/y)
      if (written === undefined) throw new Broken(`a setting's name in "quotes" should stand before ${shown()}`, at)
      const key = readValue(path) as string
      if (entries.has(key)) throw new Broken(`"${key}" stands here a second time`, start)
      const own = path === '' ? key : `${path}.${key}`
      positions.set(own, start)
      expectSign(':', `"${key}"`)
      entries.set(key, readValue(own))
    })
    return Object.fromEntries(entries)
  }

  function readList(path: string): unknown[] {
    const items: unknown[] = []
    readItems(']', (index) => {
      positions.set(`${path}.${index}`, at)
      items.push(readValue(`${path}.${index}`))
    })
    return items
  }

  const value = readValue('')
  skipSpace()
  if (at < text.length) throw new Broken(`nothing should follow the settings, but ${shown()} does`, at)
  return value
}
