import { expect, it } from 'vitest'
import { trackStudy, type StudyUnit } from '../../../../src/main/services/study/study-progress.ts'

const training: StudyUnit = { kind: 'training', arm: 'a', seed: 1, items: 4, stepsPerItem: 100 }
const fineTuning: StudyUnit = { kind: 'fine-tuning', arm: 'a', seed: 1, items: 10, stepsPerItem: 20 }

it('estimates the end of a study from the rates of its parts', () => {
  let now = 0
  const tracker = trackStudy([training, fineTuning], () => now)
  expect(tracker.progress(training)).toEqual({ items: 0, done: 0, total: 600, remaining: null })
  tracker.known(training, 2)
  tracker.started()
  now = 10
  // 10 steps/s; fine-tuning has no rate of its own yet: 100 and 200 steps are left.
  expect(tracker.advanced(training)).toEqual({ items: 3, done: 300, total: 600, remaining: 30 })
  now = 20
  tracker.advanced(training)
  now = 100
  tracker.started()
  now = 101
  // 20 steps/s; the pause before counts for nothing.
  expect(tracker.advanced(fineTuning)).toEqual({ items: 1, done: 420, total: 600, remaining: 9 })
})

it('has nothing left where everything is known', () => {
  const tracker = trackStudy([training], () => 0)
  tracker.known(training, 4)
  expect(tracker.progress(training)).toEqual({ items: 4, done: 400, total: 400, remaining: 0 })
})
