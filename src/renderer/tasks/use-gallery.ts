// What a gallery shows: the tasks of its address, with the results that the address asks for.
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { formatVariant, hasOwnLayouts, variantWorld } from '../../core/env/world-variant.ts'
import type { TaskResults } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'
import { useChartTheme } from '../charts/theme.ts'
import { messageOf } from '../shell/report.ts'
import { addressProblems, readAddress, writeAddress, type GalleryAddress } from './address.ts'
import { colouringOf, type Colouring } from './colouring.ts'
import { isResultFigure, NO_RESULT, type FigureId, type ResultValues } from './figures.ts'
import { layTasks, type LaidTask, type ShownTask } from './lay-tasks.ts'
import { chosenOf, valuesByTask } from './results.ts'
import { meets, parseTaskFilter, resultFiguresIn, sorted } from './task-filter.ts'

/** Typing changes the address only when it pauses (ms): browsers limit how often it may change. */
const TYPING_MS = 250

export type Gallery = ReturnType<typeof useGallery>

export function useGallery() {
  const route = useRoute()
  const router = useRouter()
  const theme = useChartTheme()

  const address = computed(() => readAddress(route.query))
  /** In which points the address is not shown as it says. */
  const problems = computed(() => addressProblems(route.query))
  const world = computed(() => variantWorld(address.value.world))
  /** Ahead of the address while it is being typed. */
  const filterText = ref(address.value.filter)
  let typing: ReturnType<typeof setTimeout> | undefined
  watch(
    () => address.value.filter,
    (filter) => (filterText.value = filter),
  )
  watch(filterText, (filter) => {
    clearTimeout(typing)
    typing = setTimeout(() => change({ filter }), TYPING_MS)
  })
  onScopeDispose(() => clearTimeout(typing))

  function change(changes: Partial<GalleryAddress>): void {
    const next = { ...address.value, filter: filterText.value, ...changes }
    void router.replace({ query: writeAddress(next) })
  }

  const laid = shallowRef<readonly LaidTask[]>()
  /** Why the world has no layouts. */
  const layProblem = shallowRef<string>()
  let laying = new AbortController()
  // By value: a change of the order, or of the colours, leaves the layouts.
  const range = computed(() => {
    const { world: variant, from, to, arcDegrees } = address.value
    return `${formatVariant(variant)} ${from} ${to} ${arcDegrees}`
  })
  watch(
    range,
    async () => {
      laying.abort()
      const own = (laying = new AbortController())
      laid.value = undefined
      layProblem.value = undefined
      try {
        const tasks = await layTasks(world.value, address.value, own.signal)
        if (!own.signal.aborted && tasks !== null) laid.value = tasks
      } catch (error) {
        if (!own.signal.aborted) layProblem.value = messageOf(error)
      }
    },
    { immediate: true },
  )
  onScopeDispose(() => laying.abort())

  const results = shallowRef<TaskResults>()
  const resultsProblem = shallowRef<string>()
  const isReadingResults = ref(false)
  let asked = 0
  async function readResults(): Promise<void> {
    const turn = ++asked
    const { runs } = address.value
    resultsProblem.value = undefined
    if (runs.length === 0) {
      results.value = undefined
      isReadingResults.value = false
      return
    }
    isReadingResults.value = true
    try {
      const answer = await client.tasks.results({ runs: [...runs] })
      if (turn === asked) results.value = answer
    } catch (error) {
      if (turn !== asked) return
      results.value = undefined
      resultsProblem.value = messageOf(error)
    } finally {
      if (turn === asked) isReadingResults.value = false
    }
  }
  watch(() => address.value.runs.join(), readResults, { immediate: true })

  /** Results of other layouts would be of other tasks. */
  const usable = computed(() => {
    const { base } = address.value.world
    const isSame = !hasOwnLayouts(address.value.world) && results.value?.world === base
    return isSame ? results.value : undefined
  })
  const chosen = computed(() =>
    usable.value === undefined ? null : chosenOf(usable.value, address.value.label, address.value.step),
  )
  const byTask = computed((): ReadonlyMap<number, ResultValues> => {
    const of = usable.value
    return of === undefined || chosen.value === null ? new Map() : valuesByTask(of, chosen.value)
  })
  const all = computed((): ShownTask[] | undefined =>
    laid.value?.map((one) => ({
      ...one,
      values: { ...one.figures, ...(byTask.value.get(one.task.seed) ?? NO_RESULT) },
    })),
  )

  const filter = computed(() => parseTaskFilter(filterText.value))
  const filterProblem = computed(() => ('problem' in filter.value ? filter.value.problem : undefined))
  /** Figures that the filter asks for and no task has, because no results are chosen. */
  const withoutResults = computed(() =>
    usable.value === undefined && !isReadingResults.value && 'terms' in filter.value
      ? resultFiguresIn(filter.value.terms)
      : [],
  )
  const shown = computed((): readonly ShownTask[] => {
    const terms = 'terms' in filter.value ? filter.value.terms : []
    const found = (all.value ?? []).filter(({ values }) => meets(values, terms))
    return sorted(found, address.value.order)
  })

  /** By what the frames are coloured: where results are chosen and nothing else is, by their cost. */
  const colour = computed((): FigureId | null => {
    const { colour: asked } = address.value
    if (asked === null) return usable.value === undefined ? null : 'cost'
    return isResultFigure(asked) && usable.value === undefined ? null : asked
  })
  function colours(dark: boolean): Colouring | null {
    const figure = colour.value
    if (figure === null || all.value === undefined) return null
    const values = all.value.map((one) => one.values[figure])
    return colouringOf(figure, values, usable.value?.costLimit ?? null, dark)
  }
  const colouring = computed(() => colours(theme.value.dark))

  return {
    ...{ address, problems, world, filterText, change, laid, layProblem, all, shown, filterProblem, withoutResults },
    ...{ results: usable, resultsProblem, isReadingResults, readResults, chosen, byTask },
    ...{ colour, colours, colouring },
  }
}
