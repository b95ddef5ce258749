// Bytes as text (RFC 4648), quick where the engine knows how.

/** What engines of 2025 and later offer: https://tc39.es/proposal-arraybuffer-base64/ */
interface NativeEncoder {
  toBase64?(): string
}
interface NativeDecoder {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>
}

/** `String.fromCharCode` takes its characters as arguments, of which the stack holds only so many. */
const CHUNK = 0x8000

export function toBase64(bytes: Uint8Array): string {
  const native = (bytes as NativeEncoder).toBase64
  if (native !== undefined) return native.call(bytes)
  let binary = ''
  for (let start = 0; start < bytes.length; start += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK))
  }
  return btoa(binary)
}

/** Throws on what is no base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as NativeDecoder).fromBase64
  if (native !== undefined) return native.call(Uint8Array, text)
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
