/**
 * Shortcuts as text: steps separated by spaces (`g r`), each a key with its modifiers (`mod+k`, `shift+delete`). `mod` is
 * Command on a Mac, Control elsewhere. A printable key is named by what it prints (`?`), whatever Shift it takes.
 */

export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

export const isMac = (): boolean => typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)

const CAPS: Readonly<Record<string, string>> = {
  escape: 'Esc',
  enter: 'Enter',
  delete: 'Del',
  backspace: '⌫',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  alt: 'Alt',
  shift: 'Shift',
}
const MAC_CAPS: Readonly<Record<string, string>> = { mod: '⌘', alt: '⌥', shift: '⇧' }

/** The caps of every step's keys, for the eye: `mod+k` is [['Ctrl', 'K']]. */
export function describeKeys(keys: string, mac = isMac()): string[][] {
  return keys.split(' ').map((step) => splitStep(step).map((key) => capOf(key, mac)))
}

function capOf(key: string, mac: boolean): string {
  const special = (mac ? MAC_CAPS[key] : undefined) ?? (key === 'mod' ? 'Ctrl' : CAPS[key])
  if (special !== undefined) return special
  return key.charAt(0).toUpperCase() + key.slice(1)
}

/** The `+` of a step separates, unless it is the key itself. */
function splitStep(step: string): string[] {
  return step === '+' ? ['+'] : step.split('+')
}

/** A key press in the words of a shortcut; `undefined` for a modifier alone. */
export function stepOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress, mac = isMac()): string | undefined {
  if (['Control', 'Meta', 'Alt', 'AltGraph', 'Shift'].includes(key)) return undefined
  const mod = mac ? metaKey : ctrlKey
  const foreign = mac ? ctrlKey : metaKey
  const letter = /^\p{L}$/u.test(key)
  // Shift is part of how `?` is typed, but not of `shift+a` or `shift+delete`.
  const shift = shiftKey && (key.length > 1 || letter)
  const modifiers = [mod && 'mod', foreign && 'other', altKey && 'alt', shift && 'shift'].filter(Boolean)
  return [...modifiers, key === ' ' ? 'space' : key.toLowerCase()].join('+')
}

export interface Match<T> {
  /** What was typed in full. */
  readonly found: T | undefined
  /** The steps to go on with: those of a shortcut that has begun. */
  readonly pending: readonly string[]
}

/** What the steps typed so far mean. A step that continues nothing begins anew. */
export function matchKeys<T extends { readonly keys?: string | undefined }>(
  bindings: readonly T[],
  pending: readonly string[],
  step: string,
): Match<T> {
  const typed = [...pending, step].join(' ')
  const found = bindings.find(({ keys }) => keys === typed)
  if (found !== undefined) return { found, pending: [] }
  if (bindings.some(({ keys }) => keys?.startsWith(`${typed} `)))
    return { found: undefined, pending: [...pending, step] }
  return pending.length > 0 ? matchKeys(bindings, [], step) : { found: undefined, pending: [] }
}

/** Whether a shortcut may fire while the focus is in a text field: only those with Control, Command or Alt. */
export const firesInText = (step: string): boolean => /^(mod|other|alt)\+/.test(step)
