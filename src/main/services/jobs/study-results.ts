/** The figures and tables that a study of the queue has written. */
import { readFileSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import type { Store } from '../../store/store.ts'
import { confinedPath } from '../confined-path.ts'
import { InvalidRequest } from '../invalid-request.ts'
import { planFromOrder } from '../study/prepare.ts'
import { writtenFiles } from '../study/write-study.ts'
import { storedWork, studyFolder } from './work.ts'

export interface StudyResults {
  /** Absolute path. */
  readonly folder: string
  /** Figures first, as they are numbered. Empty where nothing is written yet, or the folder is gone. */
  readonly files: { readonly name: string; readonly size: number }[]
}

export interface StudyFile {
  readonly name: string
  /** Media type. */
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.csv': 'text/csv',
  '.json': 'application/json',
}

/** @param job id of a study's job, at work or ended */
export function studyResults(store: Store, job: string): StudyResults {
  const work = storedWork(store.jobs.job(job))
  if (work.kind !== 'study') throw new InvalidRequest('This job is no study: its results are its run.')
  const { order } = work
  const plan = planFromOrder(order)
  const folder = studyFolder(store.file, work, plan)
  const files = writtenFiles(folder, { order, plan }).flatMap((name) => {
    const size = sizeOf(folder, name)
    return size === null ? [] : [{ name, size }]
  })
  return { folder, files }
}

/** @param name one of those that `studyResults` lists: others are not read, whatever lies in the folder */
export function studyFile(store: Store, job: string, name: string): StudyFile {
  const { folder, files } = studyResults(store, job)
  if (!files.some((file) => file.name === name))
    throw new InvalidRequest(`There is no file ${name} of this study in ${folder}.`)
  const bytes = new Uint8Array(readFileSync(confinedPath(folder, name)))
  return { name, type: MEDIA_TYPES[extname(name)]!, bytes }
}

/** Bytes; null where it is no file below the folder. */
function sizeOf(folder: string, name: string): number | null {
  try {
    const stat = statSync(confinedPath(folder, name))
    return stat.isFile() ? stat.size : null
  } catch {
    return null
  }
}
