/** What the program says about itself. */
import { existsSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { revisionOf } from '../../core/training/numerics-revision.ts'
import { identify } from '../trainer/identity.ts'
import { loadKernels } from '../trainer/kernels.ts'
import { appVersion } from './database.ts'
import { hasDemonstration } from './demonstration.ts'
import type { StoreHandle } from './store-handle.ts'

/** What the interface says about the program itself. */
export interface AppInfo {
  readonly version: string
  /** Absolute path of the database. */
  readonly databaseFile: string
  readonly databaseExists: boolean
  /** Why it cannot be used (newer, locked, damaged), in words; null where it can. */
  readonly databaseProblem: string | null
  /** Whether the program came with runs to look at. */
  readonly hasDemonstration: boolean
  readonly host: 'desktop' | 'browser'
  readonly platform: string
  readonly cores: number
  /** Bytes. */
  readonly memory: number
  readonly node: string
  readonly electron: string | null
  /** Name and version of the physics and of the kernels in use. */
  readonly components: { readonly name: string; readonly value: string }[]
  readonly logFolder: string
}

export interface AppFacts {
  readonly host: AppInfo['host']
  readonly database: StoreHandle
  readonly demonstration: string
  readonly logFolder: string
}

export async function appInfo({ host, database, demonstration, logFolder }: AppFacts): Promise<AppInfo> {
  const databaseProblem = await database.problem()
  return {
    version: appVersion,
    databaseFile: database.file,
    databaseExists: existsSync(database.file),
    databaseProblem,
    hasDemonstration: hasDemonstration(demonstration),
    host,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    memory: totalmem(),
    node: process.versions.node,
    electron: process.versions['electron'] ?? null,
    components: components(),
    logFolder,
  }
}

let known: AppInfo['components'] | undefined

/** They do not change while the program runs. */
function components(): AppInfo['components'] {
  if (known !== undefined) return known
  const { engine, kernel, multiplyAdd, mujoco, cpu, ...identity } = identify(
    loadKernels('auto'),
    availableParallelism(),
  )
  return (known = [
    { name: 'Numerics', value: `revision ${revisionOf(identity)}` },
    { name: 'MuJoCo', value: mujoco },
    { name: 'Engine', value: engine },
    { name: 'Multiply-add', value: multiplyAdd },
    { name: 'Kernels (SHA-256)', value: kernel },
    { name: 'Processor', value: cpu },
  ])
}
