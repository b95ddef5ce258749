import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../src/core/config/parse.ts'
import { jobRequest } from '../../../src/main/api/contract/jobs.ts'
import { problemsOf, NEW_DRAFT, readDraft, requestsOf, type Draft } from '../../../src/renderer/configure/draft.ts'
import {
  fineTuningSettings,
  NEW_FINE_TUNING,
  ofCheckpoint,
  ofImported,
  taskWarnings,
  type FineTuningDraft,
} from '../../../src/renderer/configure/fine-tuning-draft.ts'
import { NAME, SEEDS, TASKS } from '../../../src/renderer/configure/naming.ts'

type Chosen = Parameters<typeof ofCheckpoint>[1]
const trained = {
  row: { id: 'abc', name: 'A training' },
  config: parseRunConfig({ costLimit: 9, tasks: { trainingFrom: 1, trainingTo: 100 } }),
  checkpoints: [
    { id: 'newest', iteration: 200 },
    { id: 'early', iteration: 50 },
  ],
} as unknown as Chosen
const fineTuning = ofCheckpoint(NEW_FINE_TUNING, trained)
const draftOf = (changes: Partial<FineTuningDraft>): Draft => ({
  ...NEW_DRAFT,
  tab: 'fine-tuning',
  fineTuning: { ...fineTuning, ...changes },
})

describe('a fine-tuning that is configured', () => {
  it('begins at the newest checkpoint, or at the one that is asked for, and keeps its protocol', () => {
    expect(fineTuning).toMatchObject({ run: 'abc', checkpoint: 'newest', name: 'A training (fine-tuning)' })
    const changed = { ...fineTuning, settings: { fineTune: { steps: 3 } } }
    expect(ofCheckpoint(changed, trained, 'early')).toMatchObject({
      checkpoint: 'early',
      settings: { fineTune: { steps: 3 } },
    })
  })

  it('begins at a checkpoint that came without its run', () => {
    const point = { id: 'def', source: 'theirs.safetensors', config: parseRunConfig({ costLimit: 3 }) }
    const imported = ofImported({ ...fineTuning, tasks: '301..303' }, point)
    expect(imported).toMatchObject({ run: '', runName: 'theirs', checkpoint: 'def', tasks: '301..303' })
    expect(imported.base).toEqual({ costLimit: 3 })
    expect(requestsOf({ ...NEW_DRAFT, tab: 'fine-tuning', fineTuning: imported })).toEqual([
      {
        kind: 'fine-tune',
        name: 'theirs (fine-tuning)',
        initialisations: ['def', 'random'],
        tasks: [301, 302, 303],
        settings: {},
      },
    ])
  })

  it('has tasks also where the training asked for none', () => {
    const untuned = { ...trained, config: parseRunConfig({ fineTune: { tasks: 0 } }) }
    expect(ofCheckpoint(NEW_FINE_TUNING, untuned).settings).toEqual({ fineTune: { tasks: 20 } })
    expect(fineTuning.settings).toEqual({})
  })

  it('asks for one job per seed, with only what is changed', () => {
    const plain = requestsOf(draftOf({}))
    expect(plain).toEqual([
      {
        kind: 'fine-tune',
        name: 'A training (fine-tuning)',
        initialisations: ['newest', 'random'],
        settings: {},
      },
    ])
    const several = requestsOf(
      draftOf({ random: false, tasks: '301..303', seeds: '4, 5', settings: { costLimit: 12 } }),
    )
    expect(several).toMatchObject([
      { name: 'A training (fine-tuning), seed 4', tasks: [301, 302, 303], settings: { costLimit: 12, seed: 4 } },
      { name: 'A training (fine-tuning), seed 5', initialisations: ['newest'] },
    ])
    for (const request of [...plain, ...several]) expect(jobRequest.parse(request)).toEqual(request)
  })

  it('has the settings of the training where nothing is changed', () => {
    expect(fineTuningSettings({ ...fineTuning, settings: { fineTune: { steps: 3 } } })).toMatchObject({
      costLimit: 9,
      fineTune: { steps: 3 },
    })
  })

  it('says what is wrong with it', () => {
    const paths = (changes: Partial<FineTuningDraft>) => problemsOf(draftOf(changes)).map(({ path }) => path)
    expect(paths({})).toEqual([])
    expect(paths({ checkpoint: '' })).toEqual([null])
    expect(paths({ name: '', seeds: '2..1', tasks: 'some', settings: { costLimit: 'much' } })).toEqual([
      NAME,
      SEEDS,
      TASKS,
      'costLimit',
    ])
  })

  it('warns of tasks that the policy was trained on', () => {
    expect(taskWarnings({ ...fineTuning, tasks: '99..101' })).toEqual([expect.stringMatching(/^2 of 3 tasks/)])
    expect(taskWarnings({ ...fineTuning, tasks: '301..303' })).toEqual([])
    expect(taskWarnings(fineTuning)).toEqual([])
  })

  it('is kept with the draft', () => {
    const kept = draftOf({ tasks: '1', settings: { costLimit: 3 } })
    expect(readDraft(JSON.stringify(kept))).toEqual(kept)
  })
})
