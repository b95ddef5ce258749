import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { jobOf } from '../../../../src/main/services/jobs/work.ts'
import { startWorking } from '../../../../src/main/services/jobs/work-on-job.ts'
import { temporaryFile, testStore } from '../../store/fixtures.ts'
import { metaTraining } from '../../store/samples.ts'

it('writes how a job ended, also where another program holds the database at that moment', async () => {
  const file = temporaryFile()
  const [own, shared] = [await testStore(file, { busyTimeout: 10 }), await testStore(file)]
  const { id: run } = shared.createRun(metaTraining())
  // It fails at once, since its run is in progress.
  const { id } = shared.jobs.add(jobOf({ kind: 'resume', run }, shared), false)
  const job = own.jobs.claim(1)!
  const other = new Database(file)
  other.exec('BEGIN IMMEDIATE')
  const problems: string[] = []
  const { ended } = startWorking(
    own,
    job,
    1,
    () => {},
    (error) => void problems.push(String(error)),
  )
  // By then it has tried to write the end once, too.
  await expect.poll(() => problems).toMatchObject([expect.stringContaining('in use by another process')])
  other.exec('ROLLBACK')
  other.close()
  await ended
  expect(shared.jobs.job(id)).toMatchObject({ state: 'failed', reason: expect.stringContaining('in progress already') })
  expect(problems).toHaveLength(1)
})
