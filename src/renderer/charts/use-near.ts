import { useIntersectionObserver } from '@vueuse/core'
import { shallowReadonly, shallowRef, watch, type Ref, type ShallowRef } from 'vue'

/** Half a panel: what is scrolled into view is there already. */
const MARGIN = '120px'

/** Whether an element is in view or nearly so: what is far from it need not be drawn. */
export function useNear(element: Readonly<Ref<HTMLElement | null>>): Readonly<ShallowRef<boolean>> {
  const near = shallowRef(false)
  useIntersectionObserver(
    element,
    (entries) => {
      near.value = entries.at(-1)!.isIntersecting
    },
    { rootMargin: MARGIN },
  )
  return shallowReadonly(near)
}

/** A value as it was when it was last near: nothing that reads it is made anew while nobody sees it. */
export function useWhileNear<T>(value: () => T, near: Readonly<Ref<boolean>>): Readonly<ShallowRef<T | undefined>> {
  const held = shallowRef<T>()
  watch(
    [value, near],
    ([now, isNear]) => {
      if (isNear) held.value = now
    },
    { immediate: true },
  )
  return shallowReadonly(held)
}
