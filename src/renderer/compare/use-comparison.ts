/** The context of one comparison: from what the server answered to what its panels share. */
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { describePart } from '../../core/study/comparison/figures.ts'
import { completePart, type PartChoice } from '../../core/study/comparison/part.ts'
import type { ComparisonData } from '../../main/api/contract.ts'
import { startComputer, type Computer } from './computer.ts'
import type { CompareContext, ShownLayout, TaskSelection } from './context.ts'
import { initialisationStyles } from './initialisation-styles.ts'

export function useComparison(
  data: Readonly<Ref<ComparisonData>>,
  layout: Ref<ShownLayout>,
  openTasks: (selection: TaskSelection) => void,
): CompareContext {
  const computer = shallowRef<Computer>()
  watch(
    data,
    (now) => {
      computer.value?.stop()
      computer.value = startComputer(now)
    },
    { immediate: true, flush: 'sync' },
  )
  onScopeDispose(() => computer.value?.stop())

  /** A new object only where it is another choice: what was computed for it stays. */
  const choice = computed<PartChoice>((before) => {
    const now = { hidden: layout.value.hidden, tasks: layout.value.tasks }
    return JSON.stringify(now) === JSON.stringify(before) ? before! : now
  })
  const part = computed(() => completePart(data.value, choice.value))
  return {
    data,
    layout,
    part,
    styles: computed(() => initialisationStyles(data.value.initialisations)),
    step: computed(() => Math.min(layout.value.step ?? Infinity, data.value.steps)),
    description: computed(() => describePart(part.value, data.value).join(' ')),
    change: (patch) => (layout.value = { ...layout.value, ...patch }),
    compute: (name, ...args) => computer.value!.compute(choice.value, name, ...args),
    openTasks,
  }
}
