/** Single tasks of a comparison as figures: before and after adaptation, and tasks against initialisations. */
import type { Figure, MatrixPanel, ScatterPanel } from '../figure-data.ts'
import type { ComparisonLayout } from './layout.ts'
import { orderTasks, taskMatrix, taskMoves, type TaskMatrix, type TaskOrder } from './per-task.ts'
import type { ComparedPart } from './part.ts'

export interface TaskChoice {
  readonly logarithmicCost?: boolean
  /** Adaptation step of "after"; null: the last. */
  readonly step?: number | null
  readonly sort?: ComparisonLayout['sort']
}

/** The last step of the part, or an earlier one that is chosen. */
const stepOf = ({ cube }: ComparedPart, { step = null }: TaskChoice): number => Math.min(step ?? cube.steps, cube.steps)

/** An initialisation each, on equal axes: paper has no legend that could be clicked to part them. */
export function scatterFigure(part: ComparedPart, title: string, facts: string, choice: TaskChoice): Figure {
  const step = stepOf(part, choice)
  const all = taskMoves(part, 0, step)
  const ends = all.flatMap(({ moves }) => moves.flatMap(({ before, after }) => [before, after]))
  const { costLimit } = part.cube
  const x = {
    ...{ label: 'episode cost', unit: 'steps', include: ends.map(({ cost }) => cost) },
    ...(choice.logarithmicCost ? { logarithmic: true } : {}),
  }
  const y = { label: 'episode return', include: ends.map((end) => end.return) }
  return {
    id: 'tasks',
    title: `${title}: return against cost, task by task`,
    caption:
      `${facts}\nEach marker is a task after step ${step}, mean over seeds; its arrow comes from before adaptation. ` +
      'Single tasks have no band.',
    panels: all.map(({ label, role, moves }): ScatterPanel => ({
      kind: 'scatter',
      title: label,
      ...{ x, y },
      groups: [
        {
          ...{ label, role },
          points: moves.map(({ task, before, after }) => ({
            ...{ name: `task ${task.seed}`, x: after.cost, y: after.return },
            from: { x: before.cost, y: before.return },
          })),
        },
      ],
      references: [{ label: `cost limit d = ${costLimit}`, value: costLimit }],
    })),
    columns: 2,
  }
}

const ORDERS = {
  seed: 'by seed',
  distance: 'by distance to the goal',
  mean: 'by the mean over initialisations',
  range: 'by the difference between initialisations',
} as const satisfies Record<Extract<TaskOrder, string>, string>

/** `seed`, or `=` and an initialisation; what is not known of this comparison is the order of seeds. */
export function orderNamed(by: string, labels: readonly string[]): TaskOrder {
  if (Object.hasOwn(ORDERS, by)) return by as keyof typeof ORDERS
  return by.startsWith('=') && labels.includes(by.slice(1)) ? { label: by.slice(1) } : 'seed'
}

/** Return, and cost around its limit. */
export function heatMapFigure(part: ComparedPart, title: string, facts: string, choice: TaskChoice): Figure {
  const step = stepOf(part, choice)
  const { by, descending } = choice.sort ?? { by: 'seed', descending: false }
  const matrices = (['return', 'cost'] as const).map((quantity) => ({
    quantity,
    matrix: taskMatrix(part, quantity, step),
  }))
  const order = orderNamed(by, matrices[0]!.matrix.labels)
  const told = typeof order === 'string' ? ORDERS[order] : `by ${order.label}`
  return {
    id: 'heat-map',
    title: `${title}: tasks and initialisations after step ${step}`,
    caption:
      `${facts}\nMeans over seeds, no band. Tasks ${told}, ${descending ? 'falling' : 'rising'}; a panel each by its own ` +
      'numbers. Colours of cost change sides at the limit.',
    panels: matrices.map(({ quantity, matrix }) => matrixPanel(part, quantity, matrix, order, descending)),
    columns: 1,
  }
}

function matrixPanel(
  { cube }: ComparedPart,
  quantity: 'return' | 'cost',
  matrix: TaskMatrix,
  by: TaskOrder,
  descending: boolean,
): MatrixPanel {
  const { tasks, labels, values } = matrix
  const order = orderTasks(matrix, by, descending)
  return {
    kind: 'matrix',
    title: quantity === 'return' ? 'Return' : 'Cost',
    x: { label: 'task' },
    value: { label: quantity },
    rows: labels,
    columns: order.map((task) => String(tasks[task]!.seed)),
    values: labels.flatMap((_, row) => order.map((task) => values[task * labels.length + row]!)),
    ...(quantity === 'cost' ? { middle: cube.costLimit } : {}),
  }
}
