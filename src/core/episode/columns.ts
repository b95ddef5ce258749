/**
 * Columns of numbers as bytes that compress well: what is written is the distance of each number's bits from a prediction,
 * and the bytes of equal weight of all rows stand together. Nothing is lost, whatever the prediction.
 */

/** Says what the number of a row will be, from what was read before it. */
export type Prediction = (row: number) => number

const BYTES = 8

const numberOf = new Float64Array(2)
const wordsOf = new Uint32Array(numberOf.buffer)
/** Typed arrays have the byte order of the machine; the file has its own. */
const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1
const [LOW, HIGH] = LITTLE_ENDIAN ? [0, 1] : [1, 0]

/** The bits of a NaN are not the same everywhere. */
const usable = (prediction: number) => (Number.isFinite(prediction) ? prediction : 0)

/** Goes along a block of bytes, column by column. */
export interface Cursor {
  readonly bytes: Uint8Array
  at: number
}

/** Bytes of a column. */
export const columnBytes = (rows: number): number => rows * BYTES

/** Writes `values[offset + row * stride]` of every row. */
export function writeColumn(
  { values, offset, stride }: { readonly values: Float64Array; readonly offset: number; readonly stride: number },
  rows: number,
  predict: Prediction,
  cursor: Cursor,
): void {
  const { bytes, at } = cursor
  for (let row = 0; row < rows; row++) {
    numberOf[0] = values[offset + row * stride]!
    numberOf[1] = usable(predict(row))
    const low = (wordsOf[LOW]! - wordsOf[2 + LOW]!) | 0
    const borrow = wordsOf[LOW]! < wordsOf[2 + LOW]! ? 1 : 0
    const high = (wordsOf[HIGH]! - wordsOf[2 + HIGH]! - borrow) | 0
    // The sign goes to the lowest bit, so that small distances have small bytes on either side.
    const sign = high >> 31
    putBytes(bytes, at + row, rows, (low << 1) ^ sign)
    putBytes(bytes, at + 4 * rows + row, rows, ((high << 1) | (low >>> 31)) ^ sign)
  }
  cursor.at += columnBytes(rows)
}

/** Reads what `writeColumn` wrote. Each number is in its place before the next one is predicted. */
export function readColumn(
  { values, offset, stride }: { readonly values: Float64Array; readonly offset: number; readonly stride: number },
  rows: number,
  predict: Prediction,
  cursor: Cursor,
): void {
  const { bytes, at } = cursor
  for (let row = 0; row < rows; row++) {
    numberOf[1] = usable(predict(row))
    const codedLow = takeBytes(bytes, at + row, rows)
    const codedHigh = takeBytes(bytes, at + 4 * rows + row, rows)
    const sign = -(codedLow & 1)
    const low = ((codedLow >>> 1) | (codedHigh << 31)) ^ sign
    const high = (codedHigh >>> 1) ^ sign
    const sum = (low >>> 0) + wordsOf[2 + LOW]!
    wordsOf[LOW] = sum
    wordsOf[HIGH] = high + wordsOf[2 + HIGH]! + (sum > 0xffffffff ? 1 : 0)
    values[offset + row * stride] = numberOf[0]!
  }
  cursor.at += columnBytes(rows)
}

function putBytes(bytes: Uint8Array, at: number, apart: number, word: number): void {
  bytes[at] = word
  bytes[at + apart] = word >>> 8
  bytes[at + 2 * apart] = word >>> 16
  bytes[at + 3 * apart] = word >>> 24
}

const takeBytes = (bytes: Uint8Array, at: number, apart: number): number =>
  bytes[at]! | (bytes[at + apart]! << 8) | (bytes[at + 2 * apart]! << 16) | (bytes[at + 3 * apart]! << 24)

/** Single-precision numbers as they are, their bytes by weight. */
export function writeSingles(values: Float32Array, cursor: Cursor): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0; i < words.length; i++) putBytes(cursor.bytes, cursor.at + i, words.length, words[i]!)
  cursor.at += 4 * values.length
}

export function readSingles(values: Float32Array, cursor: Cursor): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0; i < words.length; i++) words[i] = takeBytes(cursor.bytes, cursor.at + i, words.length)
  cursor.at += 4 * values.length
}
