import { useIntersectionObserver } from '@vueuse/core'
import { onMounted, shallowReadonly, shallowRef, watch, type Ref, type ShallowRef } from 'vue'

/** Half a panel: what is scrolled into view is there already. */
const MARGIN = 120

/** Whether an element is in view or nearly so: what is far from it need not be drawn. */
export function useNear(element: Readonly<Ref<HTMLElement | null>>): Readonly<ShallowRef<boolean>> {
  const near = shallowRef(false)
  // The observer tells a frame later, and another passes until what it tells is drawn.
  onMounted(() => {
    const { top, bottom } = element.value!.getBoundingClientRect()
    near.value = bottom > -MARGIN && top < window.innerHeight + MARGIN
  })
  useIntersectionObserver(
    element,
    (entries) => {
      near.value = entries.at(-1)!.isIntersecting
    },
    { rootMargin: `${MARGIN}px` },
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
