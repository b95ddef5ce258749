import { nextTick, shallowRef, type Ref } from 'vue'

/** A panel that can fill the screen, and has the focus after it has or has no longer. */
export function useFullScreen(root: Readonly<Ref<HTMLElement | null>>) {
  const fullScreen = shallowRef(false)

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

  return { fullScreen, toggleFullScreen, onFullscreenchange }
}
