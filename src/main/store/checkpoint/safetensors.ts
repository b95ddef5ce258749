// The safetensors container (https://huggingface.co/docs/safetensors, "Format"): 8 bytes little-endian header length, a
// JSON header { name: { dtype, shape, data_offsets }, __metadata__: { string: string } }, then the tensors' bytes.
// A file cannot execute anything, and nothing is allocated by what a header claims: only by what the file holds.

export type Tensor =
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'F64'; readonly shape: readonly number[]; readonly data: Float64Array }

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Tensor>
  readonly metadata: Readonly<Record<string, string>>
}

/** A file that is not what it should be; the message says in what. */
export class CheckpointError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CheckpointError'
  }
}

/** The reference implementation accepts 100 MB; ours are a few kB, and JSON of this size parses in milliseconds. */
const MAX_HEADER_BYTES = 2 ** 20
const LENGTH_BYTES = 8
const METADATA = '__metadata__'
const BYTES_PER_ELEMENT = { F32: 4, F64: 8 } as const

/** Equal content gives equal bytes. 8-byte elements come first, so that every tensor is aligned. */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array<ArrayBuffer> {
  const wide = [...tensors].filter(([, tensor]) => tensor.dtype === 'F64')
  const narrow = [...tensors].filter(([, tensor]) => tensor.dtype === 'F32')
  const ordered = [...wide, ...narrow]
  const header: Record<string, unknown> = { [METADATA]: metadata }
  let end = 0
  for (const [name, { dtype, shape, data }] of ordered) {
    header[name] = { dtype, shape, data_offsets: [end, end + data.byteLength] }
    end += data.byteLength
  }
  const text = padded(new TextEncoder().encode(JSON.stringify(header)))
  const file = new Uint8Array(LENGTH_BYTES + text.length + end)
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true)
  file.set(text, LENGTH_BYTES)
  let at = LENGTH_BYTES + text.length
  for (const [, { data }] of ordered) {
    file.set(littleEndianBytes(data), at)
    at += data.byteLength
  }
  return file
}

/** Spaces up to the next multiple of 8, as the format recommends. */
function padded(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(Math.ceil(bytes.length / 8) * 8).fill(0x20)
  result.set(bytes)
  return result
}

/** Typed arrays have the machine's byte order, which on every platform that Node supports here is little-endian. */
function littleEndianBytes(data: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

/** @throws CheckpointError for anything but a complete file of F32 and F64 tensors without gaps */
export function decodeSafetensors(file: Uint8Array): Safetensors {
  const { header, dataStart } = readHeader(file)
  const dataBytes = file.length - dataStart
  let metadata: Record<string, string> = {}
  const entries: Entry[] = []
  for (const [name, entry] of Object.entries(header))
    if (name === METADATA) metadata = readMetadata(entry)
    else entries.push(readEntry(name, entry, dataBytes))
  // Before any tensor is copied: thousands of them could claim the same bytes.
  assertCovered(entries, dataBytes)
  const tensors = new Map(
    entries.map(({ name, dtype, shape, begin, end }) => {
      const bytes = new Uint8Array(file.subarray(dataStart + begin, dataStart + end))
      return [name, readTensor(dtype, shape, bytes)]
    }),
  )
  return { tensors, metadata }
}

function readHeader(file: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (file.length < LENGTH_BYTES) throw new CheckpointError(`not a safetensors file: it has only ${file.length} bytes`)
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true)
  if (length > MAX_HEADER_BYTES)
    throw new CheckpointError(
      `not a safetensors file of ours: its header claims ${length} bytes, at most ${MAX_HEADER_BYTES} are allowed`,
    )
  const dataStart = LENGTH_BYTES + Number(length)
  if (dataStart > file.length)
    throw new CheckpointError(
      `the file is truncated: its header claims ${length} bytes, ${file.length - LENGTH_BYTES} follow`,
    )
  let text: string
  let header: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file.subarray(LENGTH_BYTES, dataStart))
    header = JSON.parse(text)
  } catch (cause) {
    throw new CheckpointError('not a safetensors file: its header is not JSON', { cause })
  }
  if (!isRecord(header)) throw new CheckpointError('not a safetensors file: its header is not a JSON object')
  // Of a key that comes twice, other programs may read the value that this one does not see.
  if (JSON.stringify(header) !== text.trimEnd())
    throw new CheckpointError(
      'its header is not written as this program writes it: it names a key twice, or was edited',
    )
  return { header, dataStart }
}

function readMetadata(entry: unknown): Record<string, string> {
  if (!isRecord(entry) || Object.values(entry).some((value) => typeof value !== 'string'))
    throw new CheckpointError(`${METADATA} is not a map from strings to strings`)
  return entry as Record<string, string>
}

interface Entry {
  readonly name: string
  readonly dtype: Tensor['dtype']
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

function readEntry(name: string, entry: unknown, dataBytes: number): Entry {
  const refuse = (what: string) => new CheckpointError(`tensor "${name.slice(0, 80)}": ${what}`)
  if (!isRecord(entry)) throw refuse('not an object')
  const { dtype, shape, data_offsets: offsets } = entry
  if (dtype !== 'F32' && dtype !== 'F64') throw refuse(`dtype is ${brief(dtype)}, allowed are F32 and F64`)
  if (!isCounts(shape) || shape.length > 8) throw refuse(`shape is ${brief(shape)}, not a list of at most 8 sizes`)
  if (!isCounts(offsets) || offsets.length !== 2) throw refuse(`data_offsets is ${brief(offsets)}, not [begin, end]`)
  const [begin, end] = offsets as [number, number]
  if (begin > end || end > dataBytes)
    throw refuse(`data_offsets [${begin}, ${end}] lie outside the ${dataBytes} bytes of data (is the file truncated?)`)
  const bytes = shape.reduce((product, size) => product * size, BYTES_PER_ELEMENT[dtype])
  if (bytes !== end - begin)
    throw refuse(`shape [${shape.join(', ')}] of ${dtype} needs ${bytes} bytes, it has ${end - begin}`)
  return { name, dtype, shape, begin, end }
}

/** @param bytes a copy of the tensor's bytes, so that they are aligned */
function readTensor(dtype: Tensor['dtype'], shape: readonly number[], bytes: Uint8Array<ArrayBuffer>): Tensor {
  return dtype === 'F32'
    ? { dtype, shape, data: new Float32Array(bytes.buffer) }
    : { dtype, shape, data: new Float64Array(bytes.buffer) }
}

/** Every byte of data belongs to exactly one tensor: no overlap, nothing hidden. */
function assertCovered(entries: readonly Entry[], dataBytes: number): void {
  let covered = 0
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered)
      throw new CheckpointError(
        `tensor "${name.slice(0, 80)}" begins at byte ${begin}, expected ${covered}: tensors overlap or leave gaps`,
      )
    covered = end
  }
  if (covered !== dataBytes) throw new CheckpointError(`${dataBytes - covered} bytes at the end belong to no tensor`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0)
}

const brief = (value: unknown): string => (JSON.stringify(value) ?? 'missing').slice(0, 80)
