// Starts the built app, under real Electron where there is one and else under the stand-in, and hands its window and its
// main process to the test.
import type * as Electron from 'electron'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { chooseDriver, type Driver } from './binary.ts'
import { launchElectron, runElectron } from './launch-electron.ts'
import { launchStandIn, runStandIn } from './launch-stand-in.ts'

const ROOT = join(import.meta.dirname, '../..')

export const BUILT_APP = join(ROOT, 'out/main/index.js')

/** A function that runs in the main process: it gets the module `electron`, and sees nothing of the test around it. */
export type InMain<A, R> = (electron: typeof Electron, argument: A) => R | Promise<R>

/** What both drivers give. */
export interface DrivenApp {
  readonly window: Page
  evaluate<A, R>(work: InMain<A, R>, argument: A): Promise<R>
  /** Everything that the main process has printed. */
  output(): string
  /** Resolves with the exit code when the app has ended by itself. */
  readonly exited: Promise<number | null>
  kill(): Promise<void>
}

export interface Launch {
  readonly root: string
  readonly main: string
  readonly userData: string
  readonly env: NodeJS.ProcessEnv
}

export interface LaunchedApp extends DrivenApp {
  readonly databaseFile: string
  /** Starts the app once more on the same profile. */
  secondInstance(): Promise<number | null>
  close(): Promise<void>
}

export const driver: Driver = chooseDriver()

/** For the name of a group of tests. */
export const driverName: string = driver.name === 'electron' ? 'in Electron' : `under the stand-in: ${driver.because}`

/** Its profile and its database (not there yet) lie in a temporary folder. @param main the program of the main process */
export async function launchApp(main = BUILT_APP): Promise<LaunchedApp> {
  console.log(
    driver.name === 'electron'
      ? `Desktop journeys in Electron: ${driver.binary}`
      : `Desktop journeys under the Chromium stand-in (${driver.because}).`,
  )
  const userData = await mkdtemp(join(tmpdir(), 'cmaml-app-'))
  const databaseFile = join(userData, 'runs.sqlite')
  const launch: Launch = { root: ROOT, main, userData, env: { ...process.env, CMAML_DB: databaseFile } }
  const removeProfile = () => rm(userData, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  const start = () => (driver.name === 'electron' ? launchElectron(driver.binary, launch) : launchStandIn(launch))
  try {
    const app = await start()
    return {
      ...app,
      databaseFile,
      secondInstance: () => (driver.name === 'electron' ? runElectron(driver.binary, launch) : runStandIn(launch)),
      async close() {
        await app.kill()
        await removeProfile()
      },
    }
  } catch (error) {
    await removeProfile()
    throw error
  }
}
