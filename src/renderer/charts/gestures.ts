// Zooming and panning with wheel, pointer and keyboard. The plot's width is all that is known of the drawing.
import { shallowRef, type ShallowRef } from 'vue'
import { visibleRange, type ChartLink } from './link.ts'
import { between, pan, showsAll, zoom, type XRange } from './x-range.ts'

/** Share of the range per notch (100 px) of a wheel. */
const WHEEL_ZOOM = 1.2
/** How long (ms) the wheel rests before the view counts as settled. */
const SETTLE = 160
/** Closest zoom: three iterations, or this share of the whole. */
const LEAST_SHARE = 1e-5

export interface Gestures {
  /** The stretch being marked with shift and drag. */
  readonly box: ShallowRef<XRange | null>
  readonly onWheel: (event: WheelEvent) => void
  readonly onPointerdown: (event: PointerEvent) => void
  readonly onPointermove: (event: PointerEvent) => void
  readonly onPointerup: (event: PointerEvent) => void
  readonly onPointerleave: () => void
  readonly onDblclick: () => void
  readonly onKeydown: (event: KeyboardEvent) => void
  readonly stop: () => void
}

/**
 * `least` is the narrowest range in units of the axis; `bySteps`, whether only whole places of it are read. Handlers belong on
 * an element that covers exactly the plot.
 */
export function useGestures(link: ChartLink, least: () => number, bySteps: () => boolean = () => false): Gestures {
  const box = shallowRef<XRange | null>(null)
  let grip: { readonly x: number; readonly range: XRange; readonly boxing: boolean; moved: boolean } | null = null
  let settling: ReturnType<typeof setTimeout> | undefined

  const narrowest = (full: XRange) => Math.max(least(), LEAST_SHARE * (full.to - full.from))
  const show = (range: XRange, full: XRange): void => {
    link.range.value = showsAll(range, full) ? null : range
  }
  const settleSoon = (): void => {
    link.moving.value = true
    clearTimeout(settling)
    settling = setTimeout(() => (link.moving.value = false), SETTLE)
  }
  const place = (event: MouseEvent, range: XRange): number => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect()
    return range.from + Math.min(1, Math.max(0, (event.clientX - left) / width)) * (range.to - range.from)
  }
  const withView = (act: (range: XRange, full: XRange) => void): void => {
    const range = visibleRange(link)
    if (range !== null && link.full.value !== null) act(range, link.full.value)
  }

  return {
    box,
    // The wheel alone scrolls the page until somebody has zoomed or holds Ctrl: a page of charts must stay scrollable.
    onWheel: (event) =>
      withView((range, full) => {
        if (!event.ctrlKey && !event.metaKey && link.range.value === null) return
        event.preventDefault()
        if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
          const { width } = (event.currentTarget as HTMLElement).getBoundingClientRect()
          show(pan(range, (event.deltaX / width) * (range.to - range.from), full), full)
        } else {
          show(zoom(range, WHEEL_ZOOM ** (event.deltaY / 100), place(event, range), full, narrowest(full)), full)
        }
        settleSoon()
      }),
    onPointerdown: (event) =>
      withView((range) => {
        if (event.button !== 0) return
        const element = event.currentTarget as HTMLElement
        element.setPointerCapture(event.pointerId)
        grip = { x: event.clientX, range, boxing: event.shiftKey || link.range.value === null, moved: false }
      }),
    onPointermove: (event) =>
      withView((range, full) => {
        if (grip === null) {
          link.hover.value = bySteps() ? wholeWithin(place(event, range), range) : place(event, range)
          return
        }
        if (!grip.moved && Math.abs(event.clientX - grip.x) < 4) return
        grip.moved = true
        link.hover.value = null
        const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect()
        const perPixel = (grip.range.to - grip.range.from) / width
        if (grip.boxing) {
          const start = grip.range.from + (grip.x - left) * perPixel
          const end = place(event, grip.range)
          box.value = { from: Math.min(start, end), to: Math.max(start, end) }
        } else {
          link.moving.value = true
          show(pan(grip.range, (grip.x - event.clientX) * perPixel, full), full)
        }
      }),
    onPointerup: () => {
      const marked = box.value
      if (marked !== null) withView((_, full) => show(between(marked.from, marked.to, full, narrowest(full)), full))
      box.value = null
      grip = null
      link.moving.value = false
    },
    onPointerleave: () => {
      if (grip === null) link.hover.value = null
    },
    onDblclick: () => (link.range.value = null),
    onKeydown: (event) =>
      withView((range, full) => {
        const width = range.to - range.from
        const centre = link.hover.value ?? (range.from + range.to) / 2
        const zoomBy = (factor: number) => show(zoom(range, factor, centre, full, narrowest(full)), full)
        const read = (share: number) =>
          (link.hover.value = bySteps()
            ? wholeWithin(Math.round(centre) + Math.sign(share), range)
            : Math.min(range.to, Math.max(range.from, centre + share * width)))
        const actions: Record<string, () => void> = {
          '+': () => zoomBy(1 / 1.5),
          '=': () => zoomBy(1 / 1.5),
          '-': () => zoomBy(1.5),
          '0': () => (link.range.value = null),
          ArrowLeft: () => (event.shiftKey ? show(pan(range, -0.1 * width, full), full) : read(-0.01)),
          ArrowRight: () => (event.shiftKey ? show(pan(range, 0.1 * width, full), full) : read(0.01)),
        }
        const action = actions[event.key]
        if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return
        event.preventDefault()
        action()
      }),
    stop: () => clearTimeout(settling),
  }
}

/** The nearest whole place that is visible. */
const wholeWithin = (x: number, { from, to }: XRange): number =>
  Math.min(Math.floor(to), Math.max(Math.ceil(from), Math.round(x)))
