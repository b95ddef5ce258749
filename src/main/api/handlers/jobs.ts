import { studyFile, studyResults } from '../../services/jobs/study-results.ts'
import { os } from './implement.ts'
import { storeOf } from './runs.ts'

export const jobs = os.jobs.router({
  watch: os.jobs.watch.handler(({ context, signal }) => context.watchJobs(signal)),
  add: os.jobs.add.handler(async ({ context, input }) => ({ id: await context.jobs.add(input.request, input.front) })),
  estimate: os.jobs.estimate.handler(({ context, input }) => context.jobs.estimate(input.request)),
  resume: os.jobs.resume.handler(({ context, input }) => context.jobs.resume(input.id)),
  stop: os.jobs.stop.handler(({ context, input }) => context.jobs.stopJob(input.id, input.how)),
  stopRun: os.jobs.stopRun.handler(({ context, input }) => context.jobs.stopRun(input.run, input.how)),
  remove: os.jobs.remove.handler(({ context, input }) => context.jobs.remove(input.id)),
  move: os.jobs.move.handler(({ context, input }) => context.jobs.move(input.id, input.before)),
  pause: os.jobs.pause.handler(({ context, input }) => context.jobs.pause(input.paused)),
  clearFinished: os.jobs.clearFinished.handler(({ context }) => context.jobs.clearFinished()),
  studyResults: os.jobs.studyResults.handler(async ({ context, input }) =>
    studyResults(await storeOf(context), input.id),
  ),
  studyFile: os.jobs.studyFile.handler(async ({ context, input }) =>
    studyFile(await storeOf(context), input.id, input.name),
  ),
})
