/** A folder with tiny settings and a database, where the commands of a test file do their work; it goes at the file's end. */
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { cmaml, temporaryFolder, writeInto, writeTiny } from './cmaml.ts'

export function tinyRuns() {
  const folder = temporaryFolder()
  const home = folder.path
  const db = join(home, 'runs.sqlite')
  const tiny = writeTiny(home)
  afterAll(() => folder[Symbol.dispose]())
  return {
    home,
    db,
    /** The settings' file. */
    tiny,
    file: (name: string, content: string | Uint8Array) => writeInto(home, name, content),
    /** Trains a run of that name; its fine-tuning follows. @returns what the command printed */
    async train(name: string, ...args: string[]): Promise<string> {
      const { code, stdout } = await cmaml(home, 'train', tiny, '--db', db, '--name', name, ...args)
      expect(code).toBe(0)
      return stdout
    },
  }
}
