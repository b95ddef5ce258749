/** A file or folder that cannot be read, written or made, in words. */
export class FileError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'FileError'
  }
}
