import { createHash } from 'node:crypto'

/** Of the parts one after another; lower-case hexadecimal. */
export function sha256(...parts: (Uint8Array | string)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}
