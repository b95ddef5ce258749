import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { SCHEMA_VERSION } from '../../../src/core/config/settings.ts'
import { METRICS, type MetricName } from '../../../src/core/training/records.ts'
import type { AdaptationStepRecord } from '../../../src/core/rl/adaptation.ts'
import type { EpisodeStatistics } from '../../../src/core/rl/rollout.ts'
import type { NewRun } from '../../../src/main/store/store.ts'
import { temporaryFile, testStore } from './fixtures.ts'
import { config, fineTuneResult, fineTuning, iterationResult, metaTraining, trainer } from './samples.ts'

/** A recorded policy as the store answers it. */
function asRow(numbers: EpisodeStatistics | AdaptationStepRecord) {
  const { episodes, transitions, return: reward, cost, hazardSteps, contactSteps, velocitySteps, ...others } = numbers
  const { goals, length, longestCostRun, ...adaptation } = others
  const parts = { hazardSteps, contactSteps, velocitySteps }
  const statistics = { episodes, transitions, return: reward, cost, ...parts, goals, length, longestCostRun }
  return { ...statistics, adaptation: 'kl' in numbers ? adaptation : null }
}

describe('runs', () => {
  it('keeps what it was given, and the resolved configuration', async () => {
    const store = await testStore()
    const given = metaTraining({
      config: config({ seed: 7, costLimit: 0.75, environment: { world: 'environment-1' } }),
    })
    const { id } = store.createRun(given)
    expect(store.run(id)).toMatchObject({
      ...{ id, name: given.name, kind: 'train', method: 'meta', status: 'running', seed: 7, costLimit: 0.75 },
      ...{ world: 'environment-1', algorithm: 'trpo-lag', done: 0, total: 100, config: given.config, trainer },
      ...{ appVersion: '0.0.0-test', parentRun: null, parentCheckpoint: null, owner: { pid: process.pid } },
    })
  })

  it('lists newest first, and ids sort by creation', async () => {
    const store = await testStore()
    const ids = [1, 2, 3].map((n) => store.createRun(n === 2 ? fineTuning() : metaTraining()).id)
    expect(store.runs().map((run) => run.id)).toEqual([...ids].reverse())
    expect([...ids].sort()).toEqual(ids)
    expect(store.runs({ kind: 'fine-tune' }).map((run) => run.id)).toEqual([ids[1]])
    expect(store.runs({ limit: 1 }).map((run) => run.id)).toEqual([ids[2]])
  })

  it('says by which method it trains, and which policy step it takes', async () => {
    const store = await testStore()
    const shown = (run: NewRun) => {
      const { kind, method, algorithm } = store.createRun(run)
      return { kind, method, algorithm }
    }
    const preTraining = config({ method: 'pre-train', inner: { algorithm: 'cpo' } })
    expect(shown(metaTraining())).toEqual({ kind: 'train', method: 'meta', algorithm: 'trpo-lag' })
    expect(shown(metaTraining({ config: preTraining }))).toEqual({
      ...{ kind: 'train', method: 'pre-train', algorithm: 'cpo' },
    })
    expect(shown(fineTuning({ config: preTraining }))).toEqual({ kind: 'fine-tune', method: null, algorithm: 'cpo' })
    const withPcpo = config({ fineTune: { algorithm: 'pcpo' } })
    expect(shown(fineTuning({ config: withPcpo })).algorithm).toBe('pcpo')
    expect(shown(metaTraining({ config: withPcpo })).algorithm).toBe('trpo-lag')
    expect(store.runs({ kind: 'train' }).map(({ method }) => method)).toEqual(['meta', 'pre-train', 'meta'])
  })

  it('finds a run by id, part of an id, name and latest, and says when it cannot', async () => {
    const store = await testStore()
    expect(() => store.run('latest')).toThrow(/no runs/)
    const first = store.createRun(metaTraining({ name: 'first' }))
    const second = store.createRun(metaTraining({ name: 'twice' }))
    const third = store.createRun(metaTraining({ name: 'twice' }))
    expect(store.run('first').id).toBe(first.id)
    expect(store.run(first.id.slice(-12)).id).toBe(first.id)
    expect(store.run('latest').id).toBe(third.id)
    expect(() => store.run('twice')).toThrow(new RegExp(`several runs: ${third.id}, ${second.id}`))
    expect(() => store.run('nothing')).toThrow(/There is no run "nothing"/)
    expect(() => store.run("' OR 1=1 --")).toThrow(/There is no run/)
  })

  it('configured by a newer version is listed, but not used', async () => {
    const file = temporaryFile()
    const store = await testStore(file)
    const { id } = store.createRun(metaTraining())
    const raw = new Database(file)
    raw.exec(`UPDATE runs SET config_version = ${SCHEMA_VERSION + 1}, app_version = '3.1.0'`)
    raw.close()
    expect(store.runs().map((run) => run.id)).toEqual([id])
    expect(() => store.run(id)).toThrow(/configured by version 3\.1\.0 of this program, which is newer/)
  })

  it('ends with its outcome, goes on after a resume, and belongs to one store at a time', async () => {
    const file = temporaryFile()
    const [mine, other] = [await testStore(file), await testStore(file)]
    const { id } = mine.createRun(metaTraining())
    mine.commitIteration(id, iterationResult(1), false)
    expect(() => other.commitIteration(id, iterationResult(2), false)).toThrow(/not \(or no longer\) this process's/)
    expect(() => other.resumeRun(id, trainer)).toThrow(/in progress/)
    expect(() => other.deleteRun(id)).toThrow(/in progress/)
    mine.finishRun(id, { status: 'failed', reason: 'NaN in theta' })
    expect(other.run(id)).toMatchObject({ status: 'failed', reason: 'NaN in theta', done: 1 })
    expect(() => mine.commitIteration(id, iterationResult(2), false)).toThrow(/ended, deleted or taken over/)
    expect(() => mine.heartbeat(id)).toThrow(/ended, deleted or taken over/)
    expect(other.resumeRun(id, trainer)).toMatchObject({
      status: 'running',
      reason: null,
      finishedAt: null,
    })
    other.commitIteration(id, iterationResult(2), false)
    expect(mine.run(id)).toMatchObject({ done: 2, envSteps: 2000 })
    other.finishRun(id, { status: 'completed' })
    expect(mine.run(id).finishedAt).toBeGreaterThan(0)
  })
})

describe('iterations', () => {
  it('gives back every number and the state bit for bit', async () => {
    const store = await testStore()
    const { id } = store.createRun(metaTraining())
    expect(store.resumeState(id)).toBeNull()
    const results = [1, 2, 3].map((iteration) => iterationResult(iteration))
    for (const result of results) store.commitIteration(id, result, false)
    expect(store.resumeState(id)).toEqual(results[2]!.state)
    expect(store.iterations(id).map(({ committedAt: _, ...row }) => row)).toEqual(
      results.map(({ record: { iteration, envSteps, metrics } }) => ({ iteration, envSteps, metrics })),
    )
    expect(store.iterations(id, { from: 2, to: 2 })).toHaveLength(1)
    const { record } = results[1]!
    expect(store.taskSteps(id, { from: 2, to: 2 })).toEqual(
      [record.tasks[1]!, record.tasks[0]!].flatMap(({ task, steps, after }) =>
        [...steps, after].map((numbers, step) => ({ iteration: 2, task, step, ...asRow(numbers) })),
      ),
    )
  })

  it('keeps the metrics that an iteration has, and a pre-trained state bit for bit', async () => {
    const store = await testStore()
    const preTraining = config({ method: 'pre-train' })
    const { id } = store.createRun(metaTraining({ config: preTraining }))
    const result = iterationResult(1, preTraining)
    const metrics = { returnBefore: 0.5, lambda: 0.25 }
    store.commitIteration(id, { ...result, record: { ...result.record, metrics, tasks: [] } }, true)
    expect(store.iterations(id)[0]!.metrics).toEqual(metrics)
    expect(store.series(id, 'costAfter', { buckets: 1 })).toEqual([])
    expect(result.state.rewardCritic).not.toBeNull()
    expect(store.resumeState(id)).toEqual(result.state)
    expect(store.readCheckpoint(store.checkpoint(id).id)).toEqual({ config: preTraining, state: result.state })
  })

  it('cannot skip or repeat an iteration', async () => {
    const store = await testStore()
    const { id } = store.createRun(metaTraining())
    store.commitIteration(id, iterationResult(1), false)
    expect(() => store.commitIteration(id, iterationResult(1), false)).toThrow(/stands at iteration 1/)
    expect(() => store.commitIteration(id, iterationResult(3), false)).toThrow(/stands at iteration 1/)
    expect(() => store.commitIteration(store.createRun(fineTuning()).id, iterationResult(1), false)).toThrow(
      /no training/,
    )
  })

  it.each([
    ['a metric', 'outerKl is NaN in iteration 2'],
    ['a task', 'cost is NaN in iteration 2, task 11, step 1'],
    ['theta', /policy\.hidden0\.kernel\[3\] is NaN in the state of iteration 2/],
    ['lambda', /lambda\.integral\[0\] is NaN/],
  ])('refuses NaN in %s and stores nothing of that iteration', async (where, message) => {
    const store = await testStore()
    const { id } = store.createRun(metaTraining())
    store.commitIteration(id, iterationResult(1), false)
    const { state, record } = iterationResult(2)
    const broken = {
      'a metric': { state, record: { ...record, metrics: { ...record.metrics, outerKl: NaN } } },
      'a task': {
        state,
        record: { ...record, tasks: [{ ...record.tasks[0]!, after: { ...record.tasks[0]!.after, cost: NaN } }] },
      },
      theta: { state: { ...state, theta: state.theta.map((value, i) => (i === 3 ? NaN : value)) }, record },
      lambda: { state: { ...state, lambda: { ...state.lambda, integral: NaN } }, record },
    }[where]!
    expect(() => store.commitIteration(id, broken, true)).toThrow(message)
    expect(store.run(id).done).toBe(1)
    expect(store.iterations(id)).toHaveLength(1)
    expect(store.checkpoints(id)).toHaveLength(0)
    store.commitIteration(id, iterationResult(2), true)
    expect(store.resumeState(id)).toEqual(iterationResult(2).state)
  })
})

describe('fine-tuning', () => {
  it('gives back every number, counts progress and knows what is left', async () => {
    const store = await testStore()
    const parent = store.createRun(metaTraining())
    store.commitIteration(parent.id, iterationResult(1), false)
    const checkpoint = store.checkpoint(`${parent.id}@last`)
    const { id } = store.createRun(fineTuning({ parentCheckpoint: checkpoint.id }))
    expect(store.run(id)).toMatchObject({ parentRun: parent.id, parentCheckpoint: checkpoint.id })
    store.declareInitialisations(id, [
      { label: 'C-MAML', checkpoint: checkpoint.id },
      { label: 'random', checkpoint: null },
    ])
    expect(store.initialisations(id)).toEqual([
      { index: 0, label: 'C-MAML', kind: 'checkpoint', checkpoint: checkpoint.id, sha256: checkpoint.sha256 },
      { index: 1, label: 'random', kind: 'random', checkpoint: null, sha256: null },
    ])
    store.commitFineTuneResult(id, 1, fineTuneResult(305))
    store.commitFineTuneResult(id, 0, fineTuneResult(301))
    expect(store.fineTuneDone(id)).toEqual([
      { initialisation: 0, task: 301 },
      { initialisation: 1, task: 305 },
    ])
    expect(store.run(id)).toMatchObject({ done: 2, total: 4, envSteps: 12_000 })
    const { evaluations } = fineTuneResult(301)
    expect(store.hasLongestCostRuns(id)).toBe(true)
    expect(store.fineTuneRows(id).slice(0, 3)).toEqual(
      evaluations.map((numbers, step) => ({ initialisation: 0, task: 301, step, ...asRow(numbers) })),
    )
    expect(() => store.commitFineTuneResult(id, 0, fineTuneResult(301))).toThrow(/already/)
    expect(() => store.commitFineTuneResult(id, 2, fineTuneResult(301))).toThrow(/no initialisation 2/)
    expect(() => store.declareInitialisations(id, [])).toThrow(/already/)
  })

  it('keeps the hash of an initialisation whose run was deleted', async () => {
    const store = await testStore()
    const parent = store.createRun(metaTraining())
    store.commitIteration(parent.id, iterationResult(1), false)
    store.finishRun(parent.id, { status: 'completed' })
    const checkpoint = store.checkpoint(parent.id)
    const { id } = store.createRun(fineTuning({ parentCheckpoint: checkpoint.id }))
    store.declareInitialisations(id, [{ label: 'C-MAML', checkpoint: checkpoint.id }])
    store.deleteRun(parent.id)
    expect(store.run(id)).toMatchObject({ parentRun: null, parentCheckpoint: null })
    expect(store.initialisations(id)[0]).toMatchObject({ checkpoint: null, sha256: checkpoint.sha256 })
  })
})

describe('series', () => {
  it('answers long series in few stretches that lose no extreme', async () => {
    const store = await testStore(temporaryFile())
    const small = config({ environment: { goal: 'hidden' } })
    const { id } = store.createRun(metaTraining({ total: 600 }))
    const template = iterationResult(1, small)
    const values: number[] = []
    for (let iteration = 1; iteration <= 600; iteration++) {
      const returnAfter = Math.sin(iteration / 50) + (iteration === 577 ? 100 : 0)
      values.push(returnAfter)
      const record = { iteration, envSteps: iteration, metrics: { returnAfter }, tasks: [] }
      store.commitIteration(id, { state: { ...template.state, iteration }, record }, false)
    }
    // 1 bucket of 600 and 4 of 150 come from the stored extremes, 100 of 6 from the values.
    for (const buckets of [1, 4, 100, 5000]) {
      const series = store.series(id, 'returnAfter', { buckets })
      expect(series.length).toBeLessThanOrEqual(buckets)
      expect(series.reduce((sum, { count }) => sum + count, 0)).toBe(600)
      let next = 1
      for (const { firstIteration, lastIteration, count, min, max, mean } of series) {
        expect(firstIteration).toBe(next)
        next = lastIteration + 1
        const inside = values.slice(firstIteration - 1, lastIteration)
        expect([count, min, max]).toEqual([inside.length, Math.min(...inside), Math.max(...inside)])
        expect(mean).toBeCloseTo(inside.reduce((sum, value) => sum + value, 0) / count, 10)
      }
      expect(next).toBe(601)
    }
    const part = store.series(id, 'returnAfter', { from: 571, to: 580, buckets: 2 })
    expect(part.map(({ firstIteration, lastIteration }) => [firstIteration, lastIteration])).toEqual([
      [571, 575],
      [576, 580],
    ])
    expect(part[1]!.max).toBe(values[576])
    expect(store.series(id, 'returnAfter', { from: 2000, buckets: 10 })).toEqual([])
    expect(store.series(id, 'costAfter', { buckets: 10 })).toEqual([])
  })

  it('has a name for every metric', async () => {
    const store = await testStore()
    const { id } = store.createRun(metaTraining())
    store.commitIteration(id, iterationResult(1), false)
    for (const name of Object.keys(METRICS) as MetricName[])
      expect(store.series(id, name, { buckets: 10 })[0]!.min).toBe(iterationResult(1).record.metrics[name])
  })
})
