/**
 * The figure of a comparison as it stands: with rough bands at once, with the final ones as soon as the worker
 * has them.
 */
import { computed, type ComputedRef, type Ref } from 'vue'
import { meaningsOf, type Bands } from '../../../core/study/comparison/bands.ts'
import { numbered, referenceKey } from '../../../core/study/comparison/published-references.ts'
import { titleOf } from '../../../core/study/comparison/title.ts'
import { useComputed, type CompareContext } from '../context.ts'
import { roughBands, PANEL_IDS, type AdaptationFigure, type FigurePanel, type PanelId } from './figure.ts'

const TITLES: Record<PanelId, string> = {
  return: 'Episode return',
  cost: 'Episode cost',
  feasible: 'Tasks within the limit',
}

export interface ShownFigure {
  /** null: nothing can be compared. */
  readonly figure: ComputedRef<AdaptationFigure | null>
  readonly pending: ComputedRef<boolean>
  readonly problem: ComputedRef<string | null>
}

export function useFigure(context: CompareContext): ShownFigure {
  const { data, layout, part, styles, description } = context
  const returns = useComputed(context, 'bands', () => ['return', layout.value.band])
  const costs = useComputed(context, 'bands', () => ['cost', layout.value.band])
  const shares = useComputed(context, 'feasibleShares', () => [])
  const computedOf: Record<PanelId, Computation> = { return: returns, cost: costs, feasible: shares }

  const rough = computed(() => {
    if (part.value.initialisations.length === 0) return null
    const { band } = layout.value
    return Object.fromEntries(PANEL_IDS.map((id) => [id, roughBands(part.value, id, band)])) as Record<PanelId, Bands>
  })
  const all = [returns, costs, shares]
  const pending = computed(() => all.some((one) => one.pending.value))
  /** What the worker answered, once all of it is of the present part and band: they come together, in one drawing. */
  const bandsOf = (id: PanelId): Bands => {
    const { result, problem } = computedOf[id]
    const isPresent = result.value !== null && !pending.value && problem.value === null
    return isPresent ? result.value : rough.value![id]
  }
  const levelsOf = (id: PanelId): FigurePanel['levels'] => {
    const { costLimit, references } = data.value
    const limit = { label: 'limit d', value: costLimit, isLimit: true }
    const published = layout.value.references ? numbered(references).filter(({ quantity }) => quantity === id) : []
    return [
      ...(id === 'cost' && Number.isFinite(costLimit) ? [limit] : []),
      ...published.map(({ label, number, mean: value, deviation }) => {
        return { label, mark: String(number), value, deviation, isLimit: false }
      }),
    ]
  }

  const figure = computed((): AdaptationFigure | null => {
    if (rough.value === null) return null
    const panels = PANEL_IDS.map((id): FigurePanel => {
      const isLogarithmic = id === 'cost' && layout.value.logarithmicCost
      return { id, title: TITLES[id], bands: bandsOf(id), levels: levelsOf(id), logarithmic: isLogarithmic }
    })
    const key = layout.value.references ? referenceKey(data.value.references, 'by number') : null
    const said = [
      description.value,
      ...meaningsOf(panels.map(({ title, bands }) => [title, bands])),
      ...(key === null ? [] : [key]),
    ]
    return {
      title: titleOf(data.value, part.value),
      steps: data.value.steps,
      panels,
      styles: styles.value,
      caption: said.join('\n'),
    }
  })
  return {
    figure,
    pending,
    problem: computed(() => all.map(({ problem }) => problem.value).find((one) => one !== null) ?? null),
  }
}

interface Computation {
  readonly result: Readonly<Ref<Bands | null>>
  readonly pending: Readonly<Ref<boolean>>
  readonly problem: Readonly<Ref<string | null>>
}
