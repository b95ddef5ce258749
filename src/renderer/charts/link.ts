// What the panels of a grid share: the visible part of the x axis and the place that the pointer reads.
import { computed, inject, onScopeDispose, provide, shallowReactive, shallowRef, watch } from 'vue'
import type { ComputedRef, InjectionKey, Ref, ShallowRef } from 'vue'
import { showsAll, union, type XRange } from './x-range.ts'

export interface ChartLink {
  /** null: everything. */
  readonly range: ShallowRef<XRange | null>
  /** Place on the x axis under the pointer or the keyboard's cursor; null: none. */
  readonly hover: Ref<number | null>
  /** Whether the visible part is being moved: y axes hold still meanwhile. */
  readonly moving: Ref<boolean>
  /** Around the values of all panels; null without any. */
  readonly full: ComputedRef<XRange | null>
  /** Tells the link about a panel's values for as long as the panel lives. */
  readonly join: (extent: () => XRange | null) => void
}

const LINK: InjectionKey<ChartLink> = Symbol('chart link')

export function createLink(): ChartLink {
  const range = shallowRef<XRange | null>(null)
  const extents = shallowReactive(new Map<symbol, XRange>())
  return {
    range,
    hover: shallowRef(null),
    moving: shallowRef(false),
    full: computed(() => union(extents.values())),
    join(extent) {
      const key = Symbol()
      watch(
        extent,
        (value) => {
          if (value === null) extents.delete(key)
          else extents.set(key, value)
        },
        { immediate: true, flush: 'sync' },
      )
      onScopeDispose(() => extents.delete(key))
    },
  }
}

export function provideLink(): ChartLink {
  const link = createLink()
  provide(LINK, link)
  return link
}

/** The grid's link; a panel outside a grid has its own. */
export function useLink(): ChartLink {
  return inject(LINK, createLink, true)
}

/** What of the x axis is visible: all of it, and what arrives, unless somebody zoomed. */
export function visibleRange({ range, full }: Pick<ChartLink, 'range' | 'full'>): XRange | null {
  if (full.value === null) return null
  return range.value === null || showsAll(range.value, full.value) ? full.value : range.value
}
