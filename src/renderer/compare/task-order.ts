/** How the tasks behind a point are ordered. */

/** By the seeds of the tasks, or by the values of an initialisation, named by its label. */
export interface TaskOrder {
  readonly by: 'seed' | { readonly label: string }
  readonly descending: boolean
}

export const isBy = ({ by }: TaskOrder, label: string | null): boolean =>
  by === 'seed' ? label === null : label !== null && by.label === label

/**
 * The order after a column was chosen: the same one again turns it around.
 *
 * @param label null: the seeds, which begin with the lowest
 * @param highFirst whether high values are the worst, which come first
 */
export function nextOrder(order: TaskOrder, label: string | null, highFirst: boolean): TaskOrder {
  const by = label === null ? 'seed' : { label }
  if (isBy(order, label)) return { by, descending: !order.descending }
  return { by, descending: label === null ? false : highFirst }
}

/** @param labels of the values of each row; ties are in the order of the seeds */
export function orderedTasks<Row extends { readonly seed: number; readonly values: readonly number[] }>(
  rows: readonly Row[],
  labels: readonly string[],
  { by, descending }: TaskOrder,
): Row[] {
  const sign = descending ? -1 : 1
  const column = by === 'seed' ? -1 : labels.indexOf(by.label)
  return column < 0
    ? rows.toSorted((a, b) => sign * (a.seed - b.seed))
    : rows.toSorted((a, b) => sign * (a.values[column]! - b.values[column]!) || a.seed - b.seed)
}
