// An ECharts instance that follows an option: made in its turn, told only what changed, moved without being made anew.
import { computed, onBeforeUnmount, shallowRef, watch, type Ref } from 'vue'
import type VChart from 'vue-echarts'
import { MARGINS, xAxisPart, type XAxisView } from './axes.ts'
import type { ChartOption } from './echarts.ts'
import { optionUpdate } from './option-update.ts'
import { askRedraw, cancelRedraw } from './redraws.ts'
import { takeTurn } from './turns.ts'

export interface DrawingSource {
  /** Rendered with `initial` as its init options, once there are such. */
  readonly chart: Readonly<Ref<InstanceType<typeof VChart> | null>>
  /** null: nothing to draw. */
  readonly option: Readonly<Ref<ChartOption | null>>
  /** What of the x axis is visible; null: nothing, or the plot has no size yet. */
  readonly view: Readonly<Ref<XAxisView | null>>
  /** The view that the option was made for; stays behind while the x axis moves. */
  readonly drawnView: Readonly<Ref<XAxisView | null>>
  readonly moving: Readonly<Ref<boolean>>
  /** Whether it is in view, or nearly so. */
  readonly near: Readonly<Ref<boolean>>
  /** Whether it is the one that is being moved, of those that move with it. */
  readonly leads: () => boolean
  /** Pixels of the plot. */
  readonly width: Readonly<Ref<number>>
  readonly height: Readonly<Ref<number>>
}

export function useDrawing({ chart, option, view, drawnView, moving, near, leads, width, height }: DrawingSource) {
  /** Of the whole picture. Known before, so that ECharts measures nothing: each panel would lay out the page again. */
  const size = computed(() => ({
    width: width.value + MARGINS.left + MARGINS.right,
    height: height.value + MARGINS.top + MARGINS.bottom,
  }))
  /** How the instance is made; null until there is something to draw and it has its turn. Never replaced. */
  const initial = shallowRef<{ renderer: 'canvas'; width: number; height: number } | null>(null)
  let turn: ReturnType<typeof takeTurn> | undefined
  watch(
    () => option.value !== null && height.value > 0,
    (ready) => {
      if (ready) turn ??= takeTurn(() => (initial.value = { renderer: 'canvas', ...size.value }))
    },
    { immediate: true },
  )
  watch(size, (now) => {
    if (now.height > MARGINS.top + MARGINS.bottom) chart.value?.resize({ ...now })
  })

  const drawing = Symbol()
  /** Values arrive more often than frames are drawn, and what nobody sees can wait until the x axis rests. */
  function ask(): void {
    if (chart.value !== null && (near.value || !moving.value)) askRedraw(drawing, tell, leads())
  }
  let told: ChartOption | null = null
  function tell(): void {
    if (option.value === null || chart.value === null) return
    const next = moved(option.value)
    const update = optionUpdate(told, next)
    told = next
    if (update !== null) chart.value.setOption(update.option, update.whole ? { replaceMerge: ['series'] } : {})
  }
  watch(
    [option, chart],
    ([, now], [, before]) => {
      if (now !== before) told = null
      // The first picture has had its turn.
      if (told === null) tell()
      else ask()
    },
    { flush: 'post' },
  )
  watch([view, near], () => {
    if (moving.value) ask()
  })
  /** While the x axis moves, an option made for where it was is shown where it is. */
  function moved(made: ChartOption): ChartOption {
    if (view.value === null || view.value === drawnView.value) return made
    const axis = made['xAxis'] as { axisLabel: object; axisTick: object }
    const part = xAxisPart(view.value)
    return {
      ...made,
      xAxis: {
        ...axis,
        ...part,
        axisLabel: { ...axis.axisLabel, ...part.axisLabel },
        axisTick: { ...axis.axisTick, ...part.axisTick },
      },
    }
  }
  onBeforeUnmount(() => {
    turn?.cancel()
    cancelRedraw(drawing)
  })

  return initial
}
