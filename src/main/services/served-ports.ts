/** At which port each database was served last, so that bookmarks and open pages find it again after a restart. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../export/files.ts'
import { makeFolder } from '../make-folder.ts'

const FILE = 'served-ports.json'

/** So many databases are remembered; tests and trials would make the list grow without end. */
const MOST = 50

/** Newest first. */
const schema = z.array(z.object({ database: z.string(), port: z.number().int().min(1).max(65_535) }))

/**
 * Best effort: where it cannot be read, any free port serves as well.
 *
 * @param folder of the user's configuration
 * @param database absolute path
 */
export const lastPort = (folder: string, database: string): number | undefined =>
  read(folder).find((one) => one.database === database)?.port

/** Best effort as well: nothing depends on it. */
export function rememberPort(folder: string, database: string, port: number): void {
  const others = read(folder).filter((one) => one.database !== database)
  const ports = [{ database, port }, ...others].slice(0, MOST)
  try {
    makeFolder(folder)
    writeWhole(join(folder, FILE), new TextEncoder().encode(`${JSON.stringify(ports, null, 2)}\n`))
  } catch {
    // The address is on the terminal.
  }
}

function read(folder: string): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(join(folder, FILE), 'utf8')))
  } catch {
    return []
  }
}
