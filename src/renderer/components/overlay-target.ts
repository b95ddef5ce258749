import type { InjectionKey } from 'vue'

/**
 * Where menus and tooltips are put: the content of the page, unless they are in a dialog, under which the page is hidden
 * from screen readers.
 */
export const OVERLAY_TARGET: InjectionKey<string> = Symbol('overlay target')
export const PAGE = 'main'
