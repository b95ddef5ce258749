import { aboutTask, knownWorlds, resultsOfRuns } from '../../services/task-results.ts'
import { taskSheet } from '../../services/task-sheet.ts'
import { os } from './implement.ts'
import { storeOf } from './runs.ts'

export const tasks = os.tasks.router({
  worlds: os.tasks.worlds.handler(async ({ context }) => {
    const store = await context.database.existing()
    return store === null ? [] : knownWorlds(store)
  }),
  results: os.tasks.results.handler(async ({ context, input }) => resultsOfRuns(await storeOf(context), input.runs)),
  about: os.tasks.about.handler(async ({ context, input: { world, task } }) => {
    const store = await context.database.existing()
    return store === null ? { fineTunings: [], trainings: [], episodes: [] } : aboutTask(store, world, task)
  }),
  sheet: os.tasks.sheet.handler(({ input }) => taskSheet(input)),
})
