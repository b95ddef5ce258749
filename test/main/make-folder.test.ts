import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FileError } from '../../src/main/file-error.ts'
import { makeFolder } from '../../src/main/make-folder.ts'
import { temporaryFolder } from './store/fixtures.ts'

describe('makeFolder', () => {
  it('makes what is missing, and nothing twice', () => {
    const folder = join(temporaryFolder(), 'a', 'b', 'c')
    makeFolder(folder)
    makeFolder(folder)
    expect(statSync(folder).isDirectory()).toBe(true)
  })

  it('takes a link to a folder for a folder', () => {
    const home = temporaryFolder()
    mkdirSync(join(home, 'real'))
    symlinkSync(join(home, 'real'), join(home, 'link'))
    makeFolder(join(home, 'link', 'below'))
    expect(existsSync(join(home, 'real', 'below'))).toBe(true)
  })

  it('names the folder and the reason', () => {
    const home = temporaryFolder()
    const file = join(home, 'file')
    writeFileSync(file, '')
    symlinkSync(join(home, 'nowhere'), join(home, 'dangling'))
    for (const [folder, reason] of [
      [file, 'it is a file'],
      [join(file, 'below', 'that'), 'ENOTDIR'],
      [join(home, 'dangling', 'below'), 'EEXIST'],
    ] as const) {
      const make = () => makeFolder(folder)
      expect(make).toThrow(FileError)
      expect(make).toThrow(`The folder ${folder} cannot be made: ${reason}`)
    }
  })

  // Node's own recursive mkdir hangs here.
  it.runIf(existsSync('/proc/self'))('gives up where no folder can be', () => {
    expect(() => makeFolder('/proc/none')).toThrow(/^The folder \/proc\/none cannot be made: ENOENT/)
    expect(() => makeFolder('/proc/none/below')).toThrow(/cannot be made: ENOENT.*'\/proc\/none'/)
  })
})
