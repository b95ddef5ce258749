// The trainer under Node and as a utility process of Electron's, which the stand-in makes of a Node process.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ELECTRON = join(import.meta.dirname, '../../electron')

const train = (...program: string[]): unknown =>
  JSON.parse(execFileSync(process.execPath, program, { encoding: 'utf8' }))

const PROGRAM = join(ELECTRON, 'tiny-training.ts')
const AS_ELECTRON = ['--import', join(ELECTRON, 'register.ts')]

test('both give the same bits', () => {
  const underNode = train(PROGRAM)
  expect(underNode).toMatchObject({ iteration: 3 })
  expect(train(...AS_ELECTRON, PROGRAM)).toEqual(underNode)
})

// Only the launcher of each says it in these words.
test.each([
  ['under Node', [], 'SIGKILL'],
  ['under Electron', AS_ELECTRON, 'exit code'],
])('a trainer that is killed %s ends its work with a crash', (_where, how, told) => {
  expect(train(...how, PROGRAM, 'kill')).toMatchObject({
    name: 'TrainerCrash',
    message: expect.stringContaining(`ended unexpectedly (${told}`),
  })
})
