import { expect, test } from 'vitest'
import type { RunConfig } from '../../../../src/core/config/settings.ts'
import type { FineTuneResult } from '../../../../src/core/training/jobs.ts'
import { temporaryFile, testStore } from '../../store/fixtures.ts'
import { encodeCheckpoint } from '../../../../src/main/store/checkpoint/checkpoint.ts'
import { config, fineTuneResult, fineTuning, iterationResult, metaTraining, stateAt } from '../../store/samples.ts'
import { startProgram } from './program.ts'

/** A result whose returns and costs are these, before adaptation and after each step. */
function result(task: number, returns: readonly number[], costs: readonly number[]): FineTuneResult {
  const made = fineTuneResult(task, returns.length - 1)
  const valued = <T extends object>(one: T, k: number) => ({ ...one, return: returns[k]!, cost: costs[k]! })
  return { ...made, evaluations: made.evaluations.map(valued), steps: made.steps.map(valued) }
}

const settings = (input: object = {}): RunConfig =>
  config({ environment: { world: 'environment-1' }, costLimit: 5, ...input })

async function filled(file: string) {
  const store = await testStore(file)
  const adapt = (seed: number, costs: readonly number[]) => {
    const { id } = store.createRun(fineTuning({ name: `seed ${seed}`, config: settings({ seed }) }))
    store.declareInitialisations(id, [{ label: 'random', checkpoint: null }])
    store.commitFineTuneResult(id, 0, result(301, [1, 2], costs))
    return id
  }
  return { store, first: adapt(1, [10, 4]), second: adapt(2, [20, 6]) }
}

test('without a database there are no worlds, nothing about a task, and sheets all the same', async () => {
  const { client } = await startProgram()
  expect(await client.tasks.worlds()).toEqual([])
  expect(await client.tasks.about({ world: 'environment-1', task: 3 })).toEqual({
    fineTunings: [],
    trainings: [],
    episodes: [],
  })
  const request = { variant: 'environment-1+hazards=5', title: 'A sheet', caption: 'Two tasks.' } as const
  const tasks = [{ seed: 3, mark: { colour: '#d55e00', text: '7.5' } }, { seed: 4 }]
  const svg = await client.tasks.sheet({ ...request, format: 'svg', tasks })
  expect(svg).toMatchObject({ name: 'tasks-environment-1-hazards-5.svg', type: 'image/svg+xml' })
  const text = new TextDecoder().decode(svg.bytes)
  // Goal and hazards of both maps, and one of each in the legend.
  expect(text.match(/<circle/g)).toHaveLength(2 * (5 + 1) + 2)
  expect(text).toContain('stroke="#d55e00"')
  expect(text).toContain('seed 3: 7.5')
  const png = await client.tasks.sheet({ ...request, format: 'png', tasks })
  expect([...png.bytes.subarray(1, 4)]).toEqual([...new TextEncoder().encode('PNG')])
  await expect(client.tasks.sheet({ ...request, variant: 'moon', format: 'svg', tasks })).rejects.toThrow(/no world/)
})

test('fine-tunings are pooled by initialisation: means over seeds, the share within the limit', async () => {
  const { client, database } = await startProgram()
  const { first, second, store } = await filled(database)
  store.commitFineTuneResult(first, 0, result(302, [3, 3], [0, 0]))
  const pooled = await client.tasks.results({ runs: [first, second] })
  expect(pooled).toMatchObject({
    kind: 'fine-tune',
    world: 'environment-1',
    costLimit: 5,
    labels: ['random'],
    steps: [0, 1],
  })
  expect([...pooled.tasks]).toEqual([301, 302])
  expect([...pooled.count]).toEqual([2, 1])
  expect([...pooled.return]).toEqual([1, 3, 2, 3])
  expect([...pooled.cost]).toEqual([15, 0, 5, 0])
  expect([...pooled.feasible]).toEqual([0, 1, 0.5, 1])
  expect(pooled.meaning).toBe('Each value is the mean over up to 2 seeds.')
})

test('a training is its mean over iterations, before and after adaptation', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const { id } = store.createRun(metaTraining({ config: settings() }))
  const results = [1, 2].map((iteration) => iterationResult(iteration))
  for (const one of results) store.commitIteration(id, one, false)
  const ofTask = results.map(({ record }) => record.tasks.find(({ task }) => task === 7)!)
  const before = (ofTask[0]!.steps[0]!.cost + ofTask[1]!.steps[0]!.cost) / 2
  const after = (ofTask[0]!.after.cost + ofTask[1]!.after.cost) / 2
  const { tasks, cost, count, steps } = await client.tasks.results({ runs: [id] })
  expect([...tasks]).toEqual([7, 11])
  expect([...count]).toEqual([2, 2])
  expect(steps).toEqual([0, 1])
  // Cells are stored in single precision for charts.
  expect(cost[0]).toBeCloseTo(before, 6)
  expect(cost[2]).toBeCloseTo(after, 6)

  const { trainings } = await client.tasks.about({ world: 'environment-1', task: 7 })
  expect(trainings).toMatchObject([{ run: id, iterations: 2, steps: 1 }])
  expect(trainings[0]!.costBefore).toBeCloseTo(before, 12)
  expect(trainings[0]!.costAfter).toBeCloseTo(after, 12)
})

test('what cannot be shown together is refused in words', async () => {
  const { client, database } = await startProgram()
  const { store, first } = await filled(database)
  const elsewhere = store.createRun(fineTuning({ config: settings({ environment: { world: 'environment-2' } }) }))
  await expect(client.tasks.results({ runs: [first, elsewhere.id] })).rejects.toThrow(/other worlds/)
  const training = store.createRun(metaTraining({ config: settings() }))
  await expect(client.tasks.results({ runs: [training.id, first] })).rejects.toThrow(/not by several trainings/)
  await expect(client.tasks.results({ runs: ['none'] })).rejects.toThrow()
})

test('about a task: the initialisations that adapted to it, and its episodes; not of other worlds or from the bin', async () => {
  const { client, database } = await startProgram()
  const { store, first, second } = await filled(database)
  const whose = { initialisation: 0, iteration: 0, task: 301, step: 1, episode: 0, stochastic: true }
  const { id } = store.saveEpisode({ run: first, ...whose }, { return: 2, cost: 4, length: 400 }, Uint8Array.of(1, 2))
  const about = await client.tasks.about({ world: 'environment-1', task: 301 })
  expect(about.fineTunings).toMatchObject([
    { run: second, label: 'random', costBefore: 20, costAfter: 6, steps: 1, costLimit: 5, vasesConstrained: false },
    { run: first, label: 'random', costBefore: 10, costAfter: 4 },
  ])
  expect(about.episodes).toMatchObject([{ id, run: first, label: 'random', step: 1, cost: 4, length: 400 }])
  expect((await client.tasks.about({ world: 'environment-2', task: 301 })).fineTunings).toEqual([])
  expect((await client.tasks.about({ world: 'environment-1', task: 302 })).fineTunings).toEqual([])

  store.finishRun(first, { status: 'stopped' })
  store.bin([first])
  const without = await client.tasks.about({ world: 'environment-1', task: 301 })
  expect(without.fineTunings.map(({ run }) => run)).toEqual([second])
  expect(without.episodes).toEqual([])
})

test('about a task: the episodes of imported checkpoints of its world', async () => {
  const { client, database } = await startProgram()
  const { store } = await filled(database)
  const checkpoint = { config: settings(), state: stateAt(2, settings()) }
  const { id: file } = store.importCheckpoint(encodeCheckpoint(checkpoint), 'policy.safetensors')
  const whose = { run: null, checkpoint: file, initialisation: null, iteration: 2, step: 0, episode: 0 }
  const save = (task: number) =>
    store.saveEpisode({ ...whose, task, stochastic: true }, { return: 2, cost: 4, length: 9 }, Uint8Array.of(task))
  const { id } = save(301)
  save(302)
  const { episodes } = await client.tasks.about({ world: 'environment-1', task: 301 })
  expect(episodes).toMatchObject([{ id, run: null, name: 'policy.safetensors', label: null, iteration: 2 }])
  expect((await client.tasks.about({ world: 'environment-2', task: 301 })).episodes).toEqual([])
})

test('worlds of runs are told with the tasks that they use', async () => {
  const file = temporaryFile()
  const store = await testStore(file)
  const { client } = await startProgram({ database: file })
  store.createRun(
    metaTraining({ config: settings({ environment: { world: 'environment-1', vasesConstrained: true } }) }),
  )
  store.createRun(
    metaTraining({ config: settings({ environment: { world: 'environment-2', vasesConstrained: true } }) }),
  )
  store.createRun(
    metaTraining({ config: settings({ environment: { world: 'environment-2' }, tasks: { trainingTo: 50 } }) }),
  )
  const worlds = await client.tasks.worlds()
  expect(worlds).toMatchObject([
    { variant: 'environment-1+vases-cost', runs: 1 },
    { variant: 'environment-2', runs: 2 },
  ])
  expect(
    worlds[1]!.sets
      .filter(({ kind }) => kind === 'training')
      .map(({ to }) => to)
      .sort(),
  ).toEqual([300, 50])
})
