// What a run that goes on is warned of, and what it keeps on record.
import { expect, it } from 'vitest'
import { resumedTrainer } from '../../../src/main/services/session.ts'
import { trainer } from '../store/samples.ts'

const before = { trainer, appVersion: '0.2.0' }

it('another version of the program is no other software where its numerics are the same', () => {
  const now = { ...trainer, revision: 1 }
  expect(resumedTrainer(before, now, '0.3.0')).toEqual({ trainer: now, differences: [] })
})

it('other numerics are, and both versions are named', () => {
  const now = { ...trainer, revision: 2 }
  const difference = 'numerics were revision 1 (version 0.2.0) and are 2 (version 0.3.0)'
  expect(resumedTrainer(before, now, '0.3.0')).toEqual({
    trainer: { ...now, changes: [difference] },
    differences: [difference],
  })
})
