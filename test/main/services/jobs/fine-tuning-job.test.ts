import { expect, it } from 'vitest'
import type { JobRequest } from '../../../../src/main/api/contract/jobs.ts'
import { testStore, temporaryFile } from '../../store/fixtures.ts'
import { jobThatIs, testQueue, tiny, training } from './queues.ts'

const PROTOCOL = { fineTune: { tasks: 2, steps: 1, episodes: 2 } }

it('fine-tunes a checkpoint beside a random network, with settings and tasks of its own', async () => {
  const file = temporaryFile()
  const queue = await testQueue(file)
  const { run: trained } = await jobThatIs(queue, await queue.add(training('trained', tiny(2))), 'done')
  const store = await testStore(file)
  const checkpoint = store.checkpoints(trained!).at(-1)!.id
  const request: JobRequest = {
    kind: 'fine-tune',
    name: 'adapted',
    initialisations: [checkpoint, 'random'],
    settings: { ...PROTOCOL, seed: 7, costLimit: 12 },
  }
  expect(await queue.estimate(request)).toMatchObject({ tasks: 2 })
  const id = await queue.add(request)
  const { run, total, kind } = await jobThatIs(queue, id, 'done', 'failed')
  expect({ kind, total }).toEqual({ kind: 'fine-tune', total: 4 })
  const tuned = store.run(run!)
  expect(tuned).toMatchObject({ name: 'adapted', kind: 'fine-tune', seed: 7, parentCheckpoint: checkpoint, done: 4 })
  expect(tuned.config).toMatchObject({ costLimit: 12, fineTune: { tasks: 2, steps: 1 } })
  expect(store.initialisations(run!).map(({ kind }) => kind)).toEqual(['checkpoint', 'random'])

  const named = await queue.add({ ...request, initialisations: [trained!], tasks: [3, 5] })
  const { run: second } = await jobThatIs(queue, named, 'done', 'failed')
  expect(store.run(second!)).toMatchObject({ tasks: [3, 5], total: 2, done: 2 })
})

it('refuses what cannot be fine-tuned before it is queued', async () => {
  const file = temporaryFile()
  const queue = await testQueue(file)
  const ask = (changes: object) =>
    queue.add({ kind: 'fine-tune', name: 'adapted', initialisations: ['random'], settings: PROTOCOL, ...changes })
  await expect(ask({})).rejects.toThrow(/no database yet/)
  const { run } = await jobThatIs(queue, await queue.add(training('trained', tiny(2))), 'done')
  await expect(ask({})).rejects.toThrow(/Choose a checkpoint/)
  await expect(ask({ initialisations: ['no-such-checkpoint'] })).rejects.toThrow(/no-such-checkpoint/)
  await expect(ask({ initialisations: ['/etc/passwd'] })).rejects.toThrow(/etc\/passwd/)
  await expect(ask({ initialisations: [run!], settings: { policy: { hidden: [16] } } })).rejects.toMatchObject({
    problems: [{ message: expect.stringContaining('does not fit') }],
  })
  await expect(ask({ initialisations: [run!], settings: { fineTune: { tasks: 0 } } })).rejects.toThrow(/nothing to/)
  await expect(ask({ initialisations: [run!], settings: { costLimit: 'much' } })).rejects.toMatchObject({
    problems: [{ path: 'costLimit' }],
  })
})
