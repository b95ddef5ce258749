/** What was asked for cannot be done as asked: the message says what was wrong and what is allowed. */
export class InvalidRequest extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InvalidRequest'
  }
}
