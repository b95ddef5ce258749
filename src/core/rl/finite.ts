/** Training met a number that is not finite; the message says where. */
export class NonFiniteError extends Error {
  readonly quantity: string
  constructor(quantity: string, value: number, where: string) {
    super(`${quantity} became ${value} in ${where}. The run is stopped; what was committed before is kept.`)
    this.name = 'NonFiniteError'
    this.quantity = quantity
  }
}

/** @param where e.g. `iteration 12, task 233` */
export function assertFinite(quantity: string, values: number | ArrayLike<number>, where: string): void {
  if (typeof values === 'number') {
    if (!Number.isFinite(values)) throw new NonFiniteError(quantity, values, where)
    return
  }
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i])) throw new NonFiniteError(`${quantity}[${i}]`, values[i]!, where)
}
