// Bundles as files: some runs of a database, to be opened elsewhere.
import { basename } from 'node:path'
import { FlateErrorCode, unzipSync, type FlateError } from 'fflate'
import { FileError } from '../file-error.ts'
import type { BundleRequest, LeftOut } from '../store/bundle/bundle.ts'
import { decodeBundle } from '../store/bundle/file.ts'
import type { Store } from '../store/store.ts'
import { readWithin, writeWhole } from './files.ts'

export const BUNDLE_EXTENSION = '.cmaml'

/** The bundle within the zip of a comparison. */
export const ZIPPED_BUNDLE = `comparison${BUNDLE_EXTENSION}`

/** Nothing larger is read. */
const MAX_BUNDLE_BYTES = 256 * 2 ** 20

/** Writes runs to a bundle file, which appears only when it is complete; returns its size in bytes. */
export async function exportBundle(store: Store, request: BundleRequest, file: string): Promise<number> {
  const bytes = await store.writeBundle(request)
  writeWhole(file, bytes)
  return bytes.byteLength
}

/** What `Store.importBundle` takes. */
export interface BundleFile {
  readonly bytes: Uint8Array
  /** Name of the file without its extension, e.g. `demonstration`: what its runs are marked with. */
  readonly source: string
}

/** Reads a bundle file, or the zip of a comparison. Damage is found here, before a database is opened, let alone created. */
export function readBundleFile(file: string): BundleFile {
  const bytes = bundleIn(readWithin(file, MAX_BUNDLE_BYTES, 'bundle'), basename(file))
  const source = bundleSource(basename(file))
  decodeBundle(bytes, `The bundle ${source}`)
  return { bytes, source }
}

/** A file's name without its extension. */
export const bundleSource = (name: string): string => name.replace(/\.(zip|cmaml)$/i, '')

/**
 * The bundle itself, or the one in a comparison's zip; nothing else of a zip is unpacked.
 *
 * @param name of the file
 */
export function bundleIn(bytes: Uint8Array, name: string): Uint8Array {
  if (!isZip(bytes)) return bytes
  let files: Record<string, Uint8Array>
  let claimed = 0
  try {
    files = unzipSync(bytes, {
      filter: (file) => {
        if (file.name !== ZIPPED_BUNDLE) return false
        claimed = file.originalSize
        return claimed <= MAX_BUNDLE_BYTES
      },
    })
  } catch (cause) {
    // The directory of a zip is its end: without it, no member is found.
    if ((cause as Partial<FlateError>).code === FlateErrorCode.InvalidZipData)
      throw new FileError(`${name} is cut short or damaged: the directory at its end is missing.`, { cause })
    throw new FileError(`${name} is damaged: ${(cause as Error).message}.`, { cause })
  }
  if (claimed > MAX_BUNDLE_BYTES)
    throw new FileError(
      `The ${ZIPPED_BUNDLE} in ${name} has ${claimed} bytes, at most ${MAX_BUNDLE_BYTES} are allowed.`,
    )
  const bundle = files[ZIPPED_BUNDLE]
  if (bundle === undefined) throw new FileError(`${name} is not the zip of a comparison: it holds no ${ZIPPED_BUNDLE}.`)
  return bundle
}

/** https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, section 4.3.7 */
const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4

/** What an imported run lacks, in words. */
export function describeLeftOut({ metricsEvery, taskRows, milestones, episodes }: LeftOut): string {
  const counted = (count: number, one: string, many: string) =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : many} left out`]
  return [
    metricsEvery === 1 ? 'metrics of every iteration' : `metrics of every ${ordinal(metricsEvery)} iteration`,
    ...counted(taskRows, 'row per task of training', 'rows per task of training'),
    ...counted(milestones, 'milestone checkpoint', 'milestone checkpoints'),
    ...counted(episodes, 'recorded episode', 'recorded episodes'),
  ].join('; ')
}

function ordinal(n: number): string {
  const teens = n % 100 >= 11 && n % 100 <= 13
  return `${n}${(teens ? undefined : { 1: 'st', 2: 'nd', 3: 'rd' }[n % 10]) ?? 'th'}`
}
