// Argument: FILE. Reads everything again and again until its input ends; fails if it ever sees half an iteration.
import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { openStore } from '../../../../src/main/store/open.ts'

const store = await openStore(process.argv[2] ?? '', { appVersion: 'test', mode: 'create' })
let ended = false
process.stdin.on('end', () => (ended = true)).resume()
let rounds = 0
while (!ended) {
  for (const { id, done, name } of store.runs({ kind: 'train' })) {
    if (!name.startsWith('process')) continue
    const rows = store.iterations(id)
    assert(rows.length >= done, `${rows.length} iterations after ${done} were counted`)
    assert.deepEqual(
      rows.map(({ iteration }) => iteration),
      rows.map((_, index) => index + 1),
    )
    const state = store.resumeState(id)
    assert((state?.iteration ?? 0) >= rows.length)
    assert.equal(store.taskSteps(id, { to: rows.length }).length, 4 * rows.length)
    for (const checkpoint of store.checkpoints(id))
      if (checkpoint.kind === 'milestone')
        assert.equal(store.readCheckpoint(checkpoint.id).state.iteration, checkpoint.iteration)
  }
  rounds++
  await setImmediate()
}
store.close()
process.stdout.write(`${rounds}\n`)
