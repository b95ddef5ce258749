import { useEventListener } from '@vueuse/core'
import { useCommands } from '../stores/commands.ts'
import { firesInText, matchKeys, stepOf } from './keys.ts'

/** A sequence that is not continued for so long is forgotten. */
const SEQUENCE_MS = 1200

/** Runs the commands' shortcuts while the component that calls it lives. */
export function useShortcuts(): void {
  const commands = useCommands()
  let pending: readonly string[] = []
  let typedAt = 0

  useEventListener(document, 'keydown', (event: KeyboardEvent) => {
    const step = stepOf(event)
    if (step === undefined || event.defaultPrevented || event.isComposing) return
    const modified = firesInText(step)
    if (!modified && isTyping(event.target)) return
    // Under a dialog or a menu nothing is done; the palette's own shortcut closes it.
    if (isOverlaid() && !(modified && commands.paletteOpen)) return
    const bindings = commands.available.flatMap(({ id, keys, alsoKeys, repeats }) =>
      [keys, alsoKeys].map((each) => ({ id, keys: each, repeats })),
    )
    const match = matchKeys(bindings, event.timeStamp - typedAt < SEQUENCE_MS ? pending : [], step)
    if (event.repeat && match.found?.repeats !== true) return
    pending = match.pending
    typedAt = event.timeStamp
    if (match.found === undefined) return
    event.preventDefault()
    commands.run(match.found.id)
  })
}

/** What takes letters: of what is switched by Space and arrows alone, shortcuts may fire. */
const TYPED_INTO = 'input:not([type="radio"], [type="checkbox"], [type="range"]), textarea, select'

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(TYPED_INTO))
}

function isOverlaid(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null
}
