import type { EventEmitter } from 'node:events'

/** Emits an event that a listener may prevent, and says whether one did. */
export function isPrevented(emitter: EventEmitter, name: string, details: object = {}): boolean {
  let prevented = false
  emitter.emit(name, { ...details, preventDefault: () => (prevented = true) })
  return prevented
}
