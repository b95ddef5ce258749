import { nextTick, shallowRef, type Ref } from 'vue'
import { provideOverlayTarget } from '../components/overlay-target.ts'

/** A panel that can fill the screen, with its menus, and has the focus after it has or has no longer. */
export function useFullScreen(root: Readonly<Ref<HTMLElement | null>>) {
  const fullScreen = shallowRef(false)
  provideOverlayTarget(() => (fullScreen.value ? root.value : null))

  async function toggleFullScreen(): Promise<void> {
    if (document.fullscreenElement !== null) await document.exitFullscreen()
    fullScreen.value = !fullScreen.value
    // Where the browser refuses, filling the window is the next best.
    if (fullScreen.value) await root.value?.requestFullscreen?.().catch(() => undefined)
    await nextTick()
    root.value?.focus()
  }

  /** The browser's own way out. */
  function onFullscreenchange(): void {
    if (document.fullscreenElement === null) fullScreen.value = false
  }

  /** That of a menu closes the menu alone. */
  function onEscape({ target }: KeyboardEvent): void {
    if (!(target as Element).matches('[role="menu"], [role="menu"] *')) fullScreen.value = false
  }

  return { fullScreen, toggleFullScreen, onFullscreenchange, onEscape }
}
