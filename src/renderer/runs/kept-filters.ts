// Filters that were used lately and those that people saved; kept in the browser.
export interface KeptFilters {
  /** Newest first. */
  readonly recent: readonly string[]
  readonly saved: readonly string[]
}

const MOST_RECENT = 8

export function readKeptFilters(text: string | null): KeptFilters {
  try {
    const kept: unknown = JSON.parse(text ?? '{}')
    const { recent, saved } = (typeof kept === 'object' && kept !== null ? kept : {}) as Record<string, unknown>
    return { recent: texts(recent).slice(0, MOST_RECENT), saved: texts(saved) }
  } catch {
    return { recent: [], saved: [] }
  }
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string' && item !== '') : []

export function withRecent(kept: KeptFilters, text: string): KeptFilters {
  const filter = text.trim()
  if (filter === '') return kept
  return { ...kept, recent: [filter, ...kept.recent.filter((other) => other !== filter)].slice(0, MOST_RECENT) }
}

/** Saved, or no longer. */
export function withSaved(kept: KeptFilters, text: string): KeptFilters {
  const filter = text.trim()
  if (filter === '') return kept
  const isSaved = kept.saved.includes(filter)
  return { ...kept, saved: isSaved ? kept.saved.filter((other) => other !== filter) : [...kept.saved, filter] }
}
