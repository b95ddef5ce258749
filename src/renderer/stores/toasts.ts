import { defineStore } from 'pinia'
import { ref } from 'vue'

export type ToastTone = 'plain' | 'ok' | 'warn' | 'alarm'

export interface ToastMessage {
  readonly text: string
  readonly detail?: string
  readonly tone?: ToastTone
  /** What can be done about it, such as Undo. */
  readonly action?: { readonly label: string; readonly run: () => unknown }
  /** How long it shows; failures stay until they are closed, or until the screen is left that they are about. */
  readonly seconds?: number
  /** Called once it is gone without its action having been taken. */
  readonly onExpire?: () => unknown
}

export interface Toast extends ToastMessage {
  readonly id: number
  readonly tone: ToastTone
  /** Infinity: until it is closed. */
  readonly seconds: number
  /** How often the same thing was said. */
  readonly count: number
}

const USUAL_SECONDS = 6
/** Time to decide whether to undo. */
const ACTION_SECONDS = 10
/** For what would be missed; later it comes back from the bin. */
export const UNDO_SECONDS = 60
const LIMIT = 5

/** Short messages above the lower edge. */
export const useToasts = defineStore('toasts', () => {
  const toasts = ref<readonly Toast[]>([])
  let lastId = 0

  /** Shows a message and returns its id. The same failure said again is counted, not stacked. */
  function show(message: ToastMessage): number {
    const tone = message.tone ?? 'plain'
    const same = toasts.value.find(({ text, detail }) => text === message.text && detail === message.detail)
    if (tone === 'alarm' && same !== undefined) {
      toasts.value = toasts.value.map((toast) => (toast === same ? { ...toast, count: toast.count + 1 } : toast))
      return same.id
    }
    const usual = message.action === undefined ? USUAL_SECONDS : ACTION_SECONDS
    const id = ++lastId
    toasts.value = [
      ...toasts.value,
      { ...message, id, tone, count: 1, seconds: message.seconds ?? (tone === 'alarm' ? Infinity : usual) },
    ]
    for (const { id: oldest } of toasts.value.slice(0, -LIMIT)) close(oldest)
    return id
  }

  function close(id: number): void {
    const toast = take(id)
    void toast?.onExpire?.()
  }

  /** Another screen is opened: failures of the one that was left are over, but for those that offer what to do. */
  function leaveScreen(): void {
    for (const { id, tone, action, seconds } of toasts.value)
      if (tone === 'alarm' && action === undefined && seconds === Infinity) close(id)
  }

  function act(id: number): void {
    const toast = take(id)
    void toast?.action?.run()
  }

  function take(id: number): Toast | undefined {
    const toast = toasts.value.find((one) => one.id === id)
    toasts.value = toasts.value.filter((one) => one !== toast)
    return toast
  }

  return { toasts, show, close, act, leaveScreen }
})
