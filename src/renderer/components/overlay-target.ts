import { computed, inject, provide, type ComputedRef, type InjectionKey } from 'vue'

type Target = string | HTMLElement

/**
 * Where menus and tooltips are put: the content of the page, unless they are in a dialog, under which the page is hidden
 * from screen readers, or in a panel that fills the screen, beside which nothing is to be seen.
 */
const OVERLAY_TARGET: InjectionKey<() => Target> = Symbol('overlay target')
export const PAGE = 'main'

export function useOverlayTarget(): ComputedRef<Target> {
  const target = inject(OVERLAY_TARGET, () => PAGE, false)
  return computed(target)
}

/** For everything within this component. @param target null: where those around it are put */
export function provideOverlayTarget(target: () => Target | null): void {
  const around = inject(OVERLAY_TARGET, () => PAGE, false)
  provide(OVERLAY_TARGET, () => target() ?? around())
}
