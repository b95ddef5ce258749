/** The demonstration project: runs that come with the program, for whoever wants to look before training. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BUNDLE_EXTENSION, readBundleFile, type BundleFile } from '../export/bundle.ts'
import { resourcesFolder } from '../resources.ts'
import { InvalidRequest } from './invalid-request.ts'

/** Where its bundle lies, if the program came with it. */
export const demonstrationFile = (): string => join(resourcesFolder(), `demonstration${BUNDLE_EXTENSION}`)

export const hasDemonstration = (file: string): boolean => existsSync(file)

/** Its runs are marked `demonstration`, so `cmaml delete --source demonstration` undoes an import. */
export function readDemonstration(file: string): BundleFile {
  if (!hasDemonstration(file)) throw new InvalidRequest('This program came without a demonstration project.')
  return readBundleFile(file)
}
