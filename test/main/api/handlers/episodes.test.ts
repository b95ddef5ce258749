import { expect, it } from 'vitest'
import { saveEpisodeAs } from '../../../../src/main/services/recorded-episode.ts'
import { bitsOf, driveIntoVases } from '../../../core/episode/episodes.ts'
import { metaTraining } from '../../store/samples.ts'
import { startProgram } from './program.ts'

const { episode } = driveIntoVases({ options: { horizon: 30, goalRule: 'end' } })

/** A program whose database holds three episodes. */
async function withEpisodes() {
  const program = await startProgram()
  const store = await program.services.context.database.writable()
  const { id: run } = store.createRun(metaTraining({ name: 'trained' }))
  const ids = [0, 1, 2].map((number) => {
    const key = { run, initialisation: null, iteration: 4, task: 3, step: 0, episode: number, stochastic: true }
    return saveEpisodeAs(store, key, episode).id
  })
  return { ...program, store, run, ids }
}

it('lists nothing where there is no database', async () => {
  const { client } = await startProgram()
  expect(await client.episodes.list({})).toEqual({ rows: [], total: 0, next: null })
  expect(await client.episodes.owners()).toEqual({ runs: [], checkpoints: [] })
})

it('lists episodes page by page and reads them bit for bit', async () => {
  const { client, run, ids } = await withEpisodes()
  const first = await client.episodes.list({ run, limit: 2 })
  expect(first).toMatchObject({ total: 3, rows: [{ id: ids[2], runName: 'trained', task: 3, iteration: 4 }, {}] })
  const second = await client.episodes.list({ run, limit: 2, after: first.next })
  expect(second.rows.map(({ id }) => id)).toEqual([ids[0]])
  expect(second.next).toBeNull()
  expect(bitsOf(await client.episodes.read({ id: ids[0]! }))).toEqual(bitsOf(episode))
  await expect(client.episodes.read({ id: 77 })).rejects.toThrow(/There is no episode 77/)
})

it('takes episodes out of sight and brings them back', async () => {
  const { client, run, ids } = await withEpisodes()
  const { removed, purgeAt } = await client.episodes.remove({ ids: ids.slice(1) })
  expect(removed).toBe(2)
  expect(purgeAt).toBeGreaterThan(Date.now() + 30_000)
  expect((await client.episodes.list({})).total).toBe(1)
  expect(await client.episodes.owners()).toEqual({ runs: [run], checkpoints: [] })
  await client.episodes.remove({ ids })
  expect(await client.episodes.owners()).toEqual({ runs: [], checkpoints: [] })
  expect(await client.episodes.restore({ ids })).toEqual({ restored: 3 })
  expect((await client.episodes.list({})).total).toBe(3)
})

it('refuses what no episode can be recorded of, with the reason', async () => {
  const { client, run } = await withEpisodes()
  const source = { kind: 'fine-tuning' as const, run, initialisations: [0] }
  const progress = await client.episodes.record({ source, tasks: [3], adaptationSteps: [0] })
  await expect(progress.next()).rejects.toThrow(/is a training: name one of its checkpoints/)
  const live = await client.episodes.live({ checkpoint: 'none', task: 3 })
  await expect(live.next()).rejects.toThrow(/neither a checkpoint nor a run/)
})
