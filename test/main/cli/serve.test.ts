// Ctrl-C in the terminal of a served interface that is computing.
import { expect, onTestFinished, test } from 'vitest'
import { LONG, testQueue, tiny, training } from '../services/jobs/queues.ts'
import { temporaryFile, testStore } from '../store/fixtures.ts'
import { startCmaml, temporaryFolder } from './cmaml.ts'

/** A served interface that has begun a training, some iterations of which are stored. */
async function servedTraining(iterations: number, settings: object) {
  const file = temporaryFile()
  const home = temporaryFolder()
  onTestFinished(() => home[Symbol.dispose]())
  const store = await testStore(file)
  const queue = await testQueue(file)
  await queue.stopAll('now')
  await queue.add(training('served', tiny(LONG, settings)))
  const server = startCmaml(home.path, 'serve', '--no-open', '--db', file)
  onTestFinished(() => void server.child.kill('SIGKILL'))
  const run = () => store.runs()[0]
  await expect.poll(() => run()?.done ?? -1, { interval: 20, timeout: 50_000 }).toBeGreaterThanOrEqual(iterations)
  return { server, run: () => run()! }
}

/** An iteration takes some tenths of a second, or minutes. */
const SLOW = { environment: { world: 'environment-1', horizon: 100 }, inner: { episodes: 8 } }
const ENDLESS = { environment: { world: 'environment-1', horizon: 1000 }, inner: { episodes: 200 } }

test('the first Ctrl-C lets the iteration in progress be saved', async () => {
  const { server, run } = await servedTraining(1, SLOW)
  const { done } = run()
  server.child.kill('SIGINT')
  await server.saw('Stopping once the iteration')
  const { code, stderr } = await server.result
  expect([code, run().status]).toEqual([0, 'stopped'])
  expect(run().done).toBe(done + 1)
  expect(stderr).not.toContain('at once; what')
})

test('the second Ctrl-C ends it at once, and in order', async () => {
  const { server, run } = await servedTraining(0, ENDLESS)
  server.child.kill('SIGINT')
  await server.saw('Stopping once the iteration')
  // One that follows at once is npm's echo of the first.
  await new Promise((passed) => setTimeout(passed, 300))
  server.child.kill('SIGINT')
  await server.saw('Stopping at once')
  const { code } = await server.result
  expect([code, run().status, run().done]).toEqual([0, 'stopped', 0])
})
