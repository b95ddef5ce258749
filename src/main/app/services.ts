// What stands behind the router, for the desktop app and for served mode alike.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import packageJson from '../../../package.json' with { type: 'json' }
import type { ApiServices } from '../api/router.ts'
import { defaultDatabasePath } from '../store/location.ts'
import { openStore } from '../store/open.ts'

const { version } = packageJson

/** Services on the database that `cmaml` uses too. */
export function createServices(): ApiServices {
  const file = defaultDatabasePath(process.env, process.platform, homedir())
  return {
    appInfo: () => ({ version, databaseFile: existsSync(file) ? file : null }),
    listRuns: async () => {
      // Looking must not create a database. Opened anew each time: the file may come, go or be replaced while the
      // window stands, and it is asked only when somebody looks.
      if (!existsSync(file)) return []
      const store = await openStore(file, { appVersion: version, mode: 'existing' })
      try {
        return store.runs()
      } finally {
        store.close()
      }
    },
  }
}
