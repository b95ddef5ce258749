import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { confinedPath } from '../../../src/main/services/confined-path.ts'
import { temporaryFolder } from '../store/fixtures.ts'

it('lets paths below a folder through, there or not', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'there'))
  for (const path of ['new', 'there', join('there', 'new'), join('no', 'such', 'folder'), '..new'])
    expect(confinedPath(folder, path)).toBe(join(folder, path))
  expect(confinedPath(folder, join(folder, 'absolute'))).toBe(join(folder, 'absolute'))
})

it('refuses every way out', () => {
  const folder = temporaryFolder()
  const outside = temporaryFolder()
  symlinkSync(outside, join(folder, 'link'))
  symlinkSync(join(outside, 'not-there'), join(folder, 'dangling'))
  symlinkSync(join(folder, 'loop'), join(folder, 'loop'))
  const ways = ['..', '.', '', join('..', 'beside'), outside, join(outside, 'new'), `${folder}-beside`]
  for (const path of [...ways, 'link', join('link', 'new'), join('new', '..', '..', 'x'), 'dangling', 'loop'])
    expect(() => confinedPath(folder, path), path).toThrow(/is not below/)
})

it('knows a folder that is itself reached by a link', () => {
  const folder = temporaryFolder()
  const link = join(temporaryFolder(), 'link')
  symlinkSync(folder, link)
  expect(confinedPath(link, 'new')).toBe(join(folder, 'new'))
})
