// A bundle as a file: a line that names the format, its version and the sha-256 of all that follows; a line of JSON that
// describes the bundle; a SQLite database of this program's schema, compressed. `head -2` shows the lines.
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { z } from 'zod'
import { StoreError } from '../errors.ts'
import { isPrintable, printable, UNPRINTABLE_TEXT } from '../printable.ts'
import { sha256 } from '../sha256.ts'
import { MAX_DESCRIPTION, type BundleDescription } from './bundle.ts'

const FORMAT = 'cmaml-bundle'
const FORMAT_VERSION = 1

/** Content of more bytes is not unpacked: a small file may claim to be a huge one. */
const MAX_CONTENT_BYTES = 2 ** 30

/**
 * Of 11. Most of a bundle are the digits of measurements, which nothing compresses: the highest quality takes a hundred
 * times as long and saves 3 % of a study's bundle.
 */
const QUALITY = 5

/** The longest first line that is looked for. */
const MAX_IDENTIFICATION = 100

const header = z.strictObject({
  appVersion: z.string().max(100).refine(isPrintable, UNPRINTABLE_TEXT),
  createdAt: z.int().min(0),
  description: z.string().max(MAX_DESCRIPTION).transform(printable),
  contentBytes: z.int().min(1).max(MAX_CONTENT_BYTES),
})

export interface BundleContent extends BundleDescription {
  /** A SQLite file. */
  readonly database: Uint8Array
  /** Of the bundle: description and content. */
  readonly sha256: string
}

export function encodeBundle({ appVersion, createdAt, description }: BundleDescription, database: Uint8Array): Buffer {
  const described = header.parse({ appVersion, createdAt, description, contentBytes: database.byteLength })
  const compressed = brotliCompressSync(database, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: database.byteLength,
    },
  })
  const rest = Buffer.concat([Buffer.from(`${JSON.stringify(described)}\n`), compressed])
  return Buffer.concat([Buffer.from(`${FORMAT} ${FORMAT_VERSION} ${sha256(rest)}\n`), rest])
}

/**
 * Nothing is unpacked before the hash is checked.
 *
 * @param name what an error calls the bundle
 * @throws StoreError with the reason, for anything but an undamaged bundle
 */
export function decodeBundle(bytes: Uint8Array, name: string): BundleContent {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [first, rest] = splitLine(file, MAX_IDENTIFICATION)
  const [format, version, stated] = first.split(' ')
  if (format !== FORMAT) throw new StoreError('foreign', `${name} is not a bundle: it does not begin with "${FORMAT}".`)
  if (version !== String(FORMAT_VERSION))
    throw new StoreError('newer', `${name} is a bundle of format ${version}; this program reads ${FORMAT_VERSION}.`)
  const actual = sha256(rest)
  if (actual !== stated) throw damaged(name, `its sha-256 is ${actual}, stated is ${stated}`)
  const [described, compressed] = splitLine(rest, rest.length)
  const { contentBytes, ...description } = parseHeader(described, name)
  return { ...description, sha256: actual, database: decompress(compressed, contentBytes, name) }
}

function splitLine(bytes: Buffer, limit: number): [string, Buffer] {
  const end = bytes.subarray(0, limit).indexOf('\n')
  return end < 0 ? ['', bytes] : [bytes.toString('utf8', 0, end), bytes.subarray(end + 1)]
}

function parseHeader(text: string, name: string): z.infer<typeof header> {
  try {
    return header.parse(JSON.parse(text))
  } catch (cause) {
    throw damaged(name, 'its description cannot be read', cause)
  }
}

function decompress(compressed: Buffer, contentBytes: number, name: string): Buffer {
  try {
    const content = brotliDecompressSync(compressed, { maxOutputLength: contentBytes })
    if (content.byteLength === contentBytes) return content
  } catch (cause) {
    throw damaged(name, 'its content cannot be unpacked', cause)
  }
  throw damaged(name, `its content has not the ${contentBytes} bytes that it states`)
}

const damaged = (name: string, reason: string, cause?: unknown): StoreError =>
  new StoreError('corrupt', `${name} is damaged: ${reason}.`, cause === undefined ? {} : { cause })
