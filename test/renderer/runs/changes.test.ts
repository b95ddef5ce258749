// What is done to several runs, by the page's own client on the real program.
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import { router } from '../../../src/main/api/router.ts'
import { createRpcServer, type Outlet, type RpcConnection, type WireMessage } from '../../../src/main/api/rpc.ts'
import { useToasts } from '../../../src/renderer/stores/toasts.ts'
import { startProgram } from '../../main/api/handlers/program.ts'
import { testStore } from '../../main/store/fixtures.ts'
import { metaTraining } from '../../main/store/samples.ts'
import { row } from './run-rows.ts'

/** Of the program of the test that is running: the page's client is made once. */
let connection: RpcConnection
let outlet: Outlet
vi.stubGlobal('window', {
  connectToMain: (receive: (message: WireMessage) => void) => {
    outlet = { send: receive, refuse: (reason) => expect.fail(reason) }
    return (message: unknown) => connection.receive(message)
  },
})
const changes = await import('../../../src/renderer/runs/changes.ts')

beforeEach(() => setActivePinia(createPinia()))

/** A program with these runs, in progress here, and their rows. */
async function programWith(...names: string[]) {
  const { services, database } = await startProgram()
  connection = createRpcServer({ router, context: services.context })(outlet)
  const store = await testStore(database)
  for (const name of names) store.createRun(metaTraining({ name }))
  const rows = () =>
    names.map((name) => {
      const found = store.changesSince(null).rows.find((one) => one.name === name)
      return row(found)
    })
  return { store, rows }
}

test('a run that cannot be stopped or resumed keeps none of the others from it, and is told by its name', async () => {
  const { store, rows } = await programWith('first', 'second', 'third')
  const [first, second, third] = rows()
  store.finishRun(second!.id, { status: 'stopped' })
  const stopped = await changes.stop(rows(), 'iteration')
  expect(stopped.map(({ name }) => name)).toEqual(['first', 'third'])
  expect([first, third].map((run) => store.stopRequested(run!.id))).not.toContain(null)
  expect(useToasts().toasts).toMatchObject([
    { tone: 'alarm', text: 'Could not stop 1 of 3 runs', detail: expect.stringContaining('second: ') },
  ])
})

test('two clicks on Resume queue a run once', async () => {
  const { store, rows } = await programWith('stopped')
  store.finishRun(rows()[0]!.id, { status: 'stopped' })
  store.jobs.setPaused(true)
  const stopped = rows()
  await Promise.all([changes.resume(stopped), changes.resume(stopped)])
  await changes.resume(stopped)
  expect(store.jobs.list()).toMatchObject([{ kind: 'resume', state: 'waiting', run: stopped[0]!.id }])
})

test('a running run among those to be deleted is named, and the others are offered', async () => {
  const { store, rows } = await programWith('at work', 'old', 'older')
  for (const { id } of rows().slice(1)) store.finishRun(id, { status: 'completed' })
  const all = rows()
  const left: string[] = []
  const leave = (going: readonly { name: string }[]) => void left.push(...going.map(({ name }) => name))
  expect(await changes.deleteRuns(all, { leave })).toBe(false)
  expect(left).toEqual([])
  expect(store.runs()).toHaveLength(3)
  const [toast] = useToasts().toasts
  expect(toast).toMatchObject({ text: 'at work is running', action: { label: 'Delete the other 2 runs' } })
  expect(await toast!.action!.run()).toBe(true)
  expect(left).toEqual(['old', 'older'])
  expect(store.runs().map(({ name }) => name)).toEqual(['at work'])
})

test('comparisons go with their runs, and come back with them', async () => {
  const { store, rows } = await programWith('shown')
  store.finishRun(rows()[0]!.id, { status: 'completed' })
  const { id } = store.comparisons.save({ name: 'kept', runs: [rows()[0]!.id], notes: '', layout: {} })
  expect(await changes.deleteRuns(rows(), { comparisons: [id], what: 'the project' })).toBe(true)
  expect(store.binned().length + store.comparisons.removed().length).toBe(2)
  expect(changes.canUndelete(store.binned()[0]!.id)).toBe(true)
  const [toast] = useToasts().toasts
  expect(toast).toMatchObject({ text: 'Deleted the project', action: { label: 'Undo' } })
  await toast!.action!.run()
  expect(store.runs()).toHaveLength(1)
  expect(store.comparisons.find('kept')).toMatchObject({ runs: [store.runs()[0]!.id], missing: 0 })
  expect(changes.canUndelete(store.runs()[0]!.id)).toBe(false)
})

test('the message about a deletion goes when some of it is brought back from the bin', async () => {
  const { store, rows } = await programWith('one', 'other')
  for (const { id } of rows()) store.finishRun(id, { status: 'completed' })
  const [first, second] = rows()
  await changes.deleteRuns([first!])
  await changes.deleteRuns([second!])
  changes.settleDeletion(['another'])
  expect([first, second].map((run) => changes.canUndelete(run!.id))).toEqual([true, true])
  // The older one, whose message is not the newest.
  changes.settleDeletion([first!.id])
  expect([first, second].map((run) => changes.canUndelete(run!.id))).toEqual([false, true])
  expect(useToasts().toasts.map(({ text }) => text)).toEqual(['Deleted other'])
  changes.undelete(second!.id)
  await expect.poll(() => store.runs().map(({ id }) => id)).toEqual([second!.id])
  expect(changes.canUndelete(second!.id)).toBe(false)
})

test('Undo of Archive brings back only what it put away', async () => {
  const { store, rows } = await programWith('old', 'new')
  const archived = () => rows().map((run) => run.archived)
  store.organise([rows()[0]!.id], { archived: true })
  await changes.setArchived(rows(), true)
  expect(archived()).toEqual([true, true])
  const [toast] = useToasts().toasts
  expect(toast!.text).toBe('Archived 1 run')
  await toast!.action!.run()
  expect(archived()).toEqual([true, false])
})
