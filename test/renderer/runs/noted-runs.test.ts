// Which runs a word is found in the notes of, by the page's own client on the real program.
import { effectScope, ref, shallowRef } from 'vue'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { RunRow } from '../../../src/main/api/contract.ts'
import { router } from '../../../src/main/api/router.ts'
import { createRpcServer, type Outlet, type RpcConnection, type WireMessage } from '../../../src/main/api/rpc.ts'
import { startProgram } from '../../main/api/handlers/program.ts'
import { testStore } from '../../main/store/fixtures.ts'
import { metaTraining } from '../../main/store/samples.ts'
import { row } from './run-rows.ts'

let connection: RpcConnection
let outlet: Outlet
vi.stubGlobal('window', {
  connectToMain: (receive: (message: WireMessage) => void) => {
    outlet = { send: receive, refuse: (reason) => expect.fail(reason) }
    return (message: unknown) => connection.receive(message)
  },
})
const { useNotedRuns } = await import('../../../src/renderer/runs/noted-runs.ts')

test('follows the words that are looked for and the notes that are written', async () => {
  const { services, database } = await startProgram()
  connection = createRpcServer({ router, context: services.context })(outlet)
  const store = await testStore(database)
  const [first, second] = ['first', 'second'].map((name) => store.createRun(metaTraining({ name })).id)
  store.setNotes(first!, 'A Seed of trouble')
  const rows = (): RunRow[] => store.changesSince(null).rows.map((one) => row(one))

  const texts = ref<string[]>([])
  const runs = shallowRef(rows())
  const scope = effectScope()
  onTestFinished(() => scope.stop())
  const noted = scope.run(() => useNotedRuns(texts, runs))!
  const having = (text: string) => runs.value.filter((run) => noted.have(run, text)).map(({ id }) => id)

  texts.value = ['seed']
  expect(noted.isReading('seed')).toBe(true)
  await expect.poll(() => noted.isReading('seed')).toBe(false)
  expect(having('seed')).toEqual([first])

  texts.value = ['seed', 'trouble']
  await expect.poll(() => having('trouble')).toEqual([first])

  // Somebody writes into another run's notes, and the list says that the run has changed.
  store.setNotes(second!, 'Trouble again')
  runs.value = rows()
  await expect.poll(() => having('trouble')).toEqual([second, first])
  store.setNotes(first!, '')
  runs.value = rows()
  await expect.poll(() => having('trouble'), { timeout: 4000 }).toEqual([second])
})
