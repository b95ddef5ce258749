import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openStore } from '../../../src/main/store/open.ts'
import type { OpenOptions, Store } from '../../../src/main/store/store.ts'

/** In memory where the system offers it: every commit waits for the disk, up to 10 ms each. */
const PARENT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(PARENT, 'cmaml-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const temporaryFile = (): string => join(temporaryFolder(), 'test.sqlite')

/** An open store that is closed after the test. */
export async function testStore(file = temporaryFile(), options: Partial<OpenOptions> = {}): Promise<Store> {
  const store = await openStore(file, { appVersion: '0.0.0-test', mode: 'create', ...options })
  onTestFinished(() => store.close())
  return store
}
