/** The comparison of a stored study (`storeStudy`) on all its tasks. */
import { goTo, type openApp } from './opened-app.ts'

type App = ReturnType<typeof openApp>

export async function openComparison(app: App, runs: readonly string[]): Promise<void> {
  await goTo(app.page, `/compare?runs=${runs.join(',')}`)
  await showAllTasks(app)
}

/** Where tasks of training and held-out ones are mixed, a comparison opens on the latter. */
export async function showAllTasks({ page, heading }: App): Promise<void> {
  await heading(/2 initialisations x 1 task x 2 seeds/).waitFor()
  await page.getByLabel('Tasks', { exact: true }).selectOption('All tasks (4)')
  await heading(/2 initialisations x 4 tasks x 2 seeds/).waitFor()
}
