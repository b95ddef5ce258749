/**
 * What every panel of a comparison gets from the screen around it: the numbers, what of them is chosen, and the worker
 * that computes from them. Panels change nothing but through `change`, and everything changed so is kept with the
 * comparison.
 */
import { inject, onScopeDispose, provide, shallowRef, watch } from 'vue'
import type { Component, InjectionKey, ShallowRef } from 'vue'
import type { BandKind } from '../../core/study/comparison/band-kinds.ts'
import type { CubeTaskOrigin, ShownQuantity } from '../../core/study/comparison/cube.ts'
import type { ComparedPart } from '../../core/study/comparison/part.ts'
import type { SeriesMarks } from '../../core/study/series-styles.ts'
import type { ComparisonData, ComparisonLayout } from '../../main/api/contract.ts'
import { messageOf } from '../shell/report.ts'
import type { ComputationArguments, ComputationName, ComputationResult } from './computations.ts'

/** The layout of a comparison with nothing left out. */
export interface ShownLayout {
  readonly band: BandKind
  readonly tasks: CubeTaskOrigin | 'all'
  /** Initialisations that are not shown, by label. */
  readonly hidden: readonly string[]
  readonly logarithmicCost: boolean
  /** Published values as lines. */
  readonly references: boolean
  /** null: the last. */
  readonly step: number | null
  /** Panels that are open, in their order. */
  readonly panels: readonly string[]
  readonly sort: NonNullable<ComparisonLayout['sort']>
  readonly training: NonNullable<ComparisonLayout['training']>
}

/** A panel around the figure: `panels/panels.ts` lists all of them; its component has no props and asks `useCompare`. */
export interface ComparePanel {
  /** As it is kept in layouts. */
  readonly id: string
  readonly title: string
  readonly component: Component
}

/**
 * Of `training/TrainingComparison.vue`, which needs no context: it is also shown for trainings without any fine-tuning.
 * What it changes of `layout` it emits as `change`, whole.
 */
export interface TrainingComparisonProps {
  readonly runs: readonly string[]
  readonly layout: ShownLayout['training']
}

/** What is behind a point of a chart. */
export interface TaskSelection {
  /** Of one initialisation; of all that are shown where left out. */
  readonly label?: string
  readonly quantity: ShownQuantity
  readonly step: number
  /** Seeds of tasks; all of the part where left out. */
  readonly tasks?: readonly number[]
}

/** Refs, all of them read only. */
export interface CompareContext {
  readonly data: Readonly<ShallowRef<ComparisonData>>
  readonly layout: Readonly<ShallowRef<ShownLayout>>
  /** What of the cube is compared: N = `part.tasks.length` tasks and `part.replicates.length` seeds. */
  readonly part: Readonly<ShallowRef<ComparedPart>>
  /** By label, of hidden initialisations too; the colour is `theme.series[style.role]`. */
  readonly styles: Readonly<ShallowRef<ReadonlyMap<string, SeriesMarks>>>
  /** The adaptation step that pictures of single tasks show: `layout.step`, or the last. */
  readonly step: Readonly<ShallowRef<number>>
  /** N, tasks, limit and what is left out, in sentences: what a caption begins with. */
  readonly description: Readonly<ShallowRef<string>>
  change(patch: Partial<ShownLayout>): void
  /** Asks the worker about the present part; the same question is answered once. */
  compute<Name extends ComputationName>(
    name: Name,
    ...args: ComputationArguments<Name>
  ): Promise<ComputationResult<Name>>
  /** Shows the list of the tasks behind a point, with links to them and their replays. */
  openTasks(selection: TaskSelection): void
}

const KEY: InjectionKey<CompareContext> = Symbol('comparison')

export const provideCompare = (context: CompareContext): void => provide(KEY, context)

/** For a panel within a comparison. */
export function useCompare(): CompareContext {
  const context = inject(KEY)
  if (context === undefined) throw new Error('Panels of a comparison stand within one.')
  return context
}

/** The lines of initialisations; none outside a comparison, where trainings alone are compared. */
export const useStyles = (): CompareContext['styles'] => inject(KEY, undefined)?.styles ?? shallowRef(new Map())

export interface Computed<Result> {
  /** Of the newest question that is answered: it stays while the next is being computed. null: none yet. */
  readonly result: Readonly<ShallowRef<Result | null>>
  readonly pending: Readonly<ShallowRef<boolean>>
  readonly problem: Readonly<ShallowRef<string | null>>
}

/** Computes anew whenever the part or an argument changes; `args` answers null where nothing is to be asked. */
export function useComputed<Name extends ComputationName, Args extends ComputationArguments<Name>>(
  { part, compute }: Pick<CompareContext, 'part' | 'compute'>,
  name: Name,
  args: () => Args | null,
): Computed<ComputationResult<Name>> {
  const result: ShallowRef<ComputationResult<Name> | null> = shallowRef(null)
  const pending = shallowRef(false)
  const problem = shallowRef<string | null>(null)
  let turn = 0
  onScopeDispose(() => turn++)
  watch(
    // Arguments are short: their text tells whether they changed.
    [part, () => JSON.stringify(args())],
    async () => {
      const mine = ++turn
      const asked = args()
      if (asked === null || part.value.initialisations.length === 0) {
        ;[result.value, pending.value, problem.value] = [null, false, null]
        return
      }
      pending.value = true
      try {
        const answer = await compute(name, ...asked)
        if (mine === turn) [result.value, pending.value, problem.value] = [answer, false, null]
      } catch (error) {
        if (mine === turn) [pending.value, problem.value] = [false, messageOf(error)]
      }
    },
    { immediate: true },
  )
  return { result, pending, problem }
}
