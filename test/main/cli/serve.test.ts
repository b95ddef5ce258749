// A served interface and its terminal: the address that it is at, and Ctrl-C while it is computing.
import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
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
  // One more may have been committed before the signal was heard.
  expect([done + 1, done + 2]).toContain(run().done)
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

describe('the port', () => {
  /** @returns where a server is, and how to end it */
  async function serve(home: string, file: string, ...args: string[]) {
    const { child, saw, result } = startCmaml(home, 'serve', '--no-open', '--json', '--db', file, ...args)
    onTestFinished(() => void child.kill('SIGKILL'))
    const printed = new Promise<{ url: string; origin: string }>((resolve) => {
      let text = ''
      child.stdout!.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        if (text.includes('token=') && text.trimEnd().endsWith('}')) resolve(JSON.parse(text) as never)
      })
    })
    await saw('token=')
    const stop = async () => {
      child.kill('SIGINT')
      await result
    }
    return { ...(await printed), stop }
  }

  test('is the same after a restart, where what let in before does not let in any more', async () => {
    const [home, file] = [temporaryFolder(), temporaryFile()]
    onTestFinished(() => home[Symbol.dispose]())
    const first = await serve(home.path, file)
    const cookie = (await fetch(first.url)).headers.get('set-cookie')!.split(';')[0]!
    const status = async () => (await fetch(first.origin, { headers: { cookie } })).status
    expect(await status()).toBe(200)
    await first.stop()

    const second = await serve(home.path, file)
    expect(second.origin).toBe(first.origin)
    expect(second.url).not.toBe(first.url)
    expect([await status(), (await fetch(first.url)).status]).toEqual([401, 403])
    await second.stop()
  })

  test('is another one while somebody else has it', async () => {
    const [home, file] = [temporaryFolder(), temporaryFile()]
    onTestFinished(() => home[Symbol.dispose]())
    const first = await serve(home.path, file)
    await first.stop()
    const other = createServer()
    onTestFinished(() => void other.close())
    await new Promise<void>((listening) => other.listen(Number(new URL(first.origin).port), '127.0.0.1', listening))
    const second = await serve(home.path, file)
    expect(second.origin).not.toBe(first.origin)
    await second.stop()
  })
})
