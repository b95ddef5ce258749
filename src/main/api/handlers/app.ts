import { listPresets, loadConfigurationSource } from '../../services/configuration.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import { listStudies } from '../../services/study/list-studies.ts'
import type { Preferences } from '../contract.ts'
import { os } from './implement.ts'

export const app = os.app.router({
  info: os.app.info.handler(({ context }) => context.appInfo()),
  menu: os.app.menu.handler(({ context, signal }) =>
    context.menuCommands.follow(signal ?? new AbortController().signal),
  ),
  preferences: os.app.preferences.handler(({ context }) => context.preferences.current()),
  setPreferences: os.app.setPreferences.handler(({ context, input }) => {
    const changes = given(input)
    const { databaseFile } = changes
    if (
      context.host === 'browser' &&
      databaseFile !== undefined &&
      databaseFile !== context.preferences.current().databaseFile
    )
      throw new InvalidRequest(
        'A page that is served cannot choose the database: start "cmaml serve" with --db, or set it in the desktop app.',
      )
    return context.preferences.set(changes)
  }),
  presets: os.app.presets.handler(() =>
    listPresets().map(({ name }) => {
      const { description, settings } = loadConfigurationSource(name)
      return { name, description, settings }
    }),
  ),
  studies: os.app.studies.handler(() => listStudies()),
})

/** What is left out stays. */
function given(changes: { readonly [K in keyof Preferences]?: Preferences[K] | undefined }): Partial<Preferences> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}
