import { useResizeObserver } from '@vueuse/core'
import { onMounted, shallowReadonly, shallowRef, type Ref, type ShallowRef } from 'vue'

export interface ElementSize {
  /** Pixels; 0 until the element is there. */
  readonly width: Readonly<ShallowRef<number>>
  readonly height: Readonly<ShallowRef<number>>
}

/** Size of an element, known as soon as it is mounted: an observer would tell each panel its own a frame later. */
export function useSize(element: Readonly<Ref<HTMLElement | null>>): ElementSize {
  const [width, height] = [shallowRef(0), shallowRef(0)]
  const measure = () => {
    width.value = element.value?.offsetWidth ?? 0
    height.value = element.value?.offsetHeight ?? 0
  }
  onMounted(measure)
  useResizeObserver(element, measure)
  return { width: shallowReadonly(width), height: shallowReadonly(height) }
}
