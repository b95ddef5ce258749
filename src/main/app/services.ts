// What stands behind the router, for the desktop app and for served mode alike.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import packageJson from '../../../package.json' with { type: 'json' }
import type { ApiServices } from '../api/router.ts'
import { demonstrationFile, hasDemonstration, readDemonstration } from '../services/demonstration.ts'
import { defaultDatabasePath } from '../store/location.ts'
import { openStore } from '../store/open.ts'
import type { OpenOptions, Store } from '../store/store.ts'

const { version } = packageJson

export interface ServiceFiles {
  readonly database: string
  readonly demonstration: string
}

/** The database that `cmaml` uses too, and what comes with the program. */
function defaultFiles(): ServiceFiles {
  return {
    database: defaultDatabasePath(process.env, process.platform, homedir()),
    demonstration: demonstrationFile(),
  }
}

export function createServices({ database, demonstration }: ServiceFiles = defaultFiles()): ApiServices {
  /** Opened anew each time: the file may come, go or be replaced while the window stands. */
  async function withStore<T>(mode: OpenOptions['mode'], work: (store: Store) => T | Promise<T>): Promise<T> {
    const store = await openStore(database, { appVersion: version, mode })
    try {
      return await work(store)
    } finally {
      store.close()
    }
  }

  return {
    appInfo: () => ({
      version,
      databaseFile: existsSync(database) ? database : null,
      hasDemonstration: hasDemonstration(demonstration),
    }),
    // Looking must not create a database.
    listRuns: async () => (existsSync(database) ? withStore('existing', (store) => store.runs()) : []),
    openDemonstration: async () => {
      const { bytes, source } = readDemonstration(demonstration)
      const { runs } = await withStore('create-folder', (store) => store.importBundle(bytes, source))
      return { added: runs.filter(({ added }) => added).length }
    },
  }
}
