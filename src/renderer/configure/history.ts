/** States that can be gone back to, oldest first, and those that were gone back from. */
export interface History<T> {
  readonly past: readonly T[]
  readonly present: T
  readonly future: readonly T[]
  /** What the newest change was about: changes of the same are one step, so that a word is not undone by letters. */
  readonly topic: string | null
}

const MOST = 200

export const startHistory = <T>(present: T): History<T> => ({ past: [], present, future: [], topic: null })

/** @param topic null for a change that is always a step of its own */
export function changed<T>(history: History<T>, present: T, topic: string | null): History<T> {
  if (present === history.present) return history
  const goesOn = topic !== null && topic === history.topic
  const past = goesOn ? history.past : [...history.past, history.present].slice(-MOST)
  return { past, present, future: [], topic }
}

export function undone<T>(history: History<T>): History<T> {
  const present = history.past.at(-1)
  if (present === undefined) return history
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future], topic: null }
}

export function redone<T>(history: History<T>): History<T> {
  const [present, ...future] = history.future
  if (present === undefined) return history
  return { past: [...history.past, history.present], present, future, topic: null }
}
