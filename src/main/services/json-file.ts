import { readFileSync } from 'node:fs'
import { InvalidRequest } from './invalid-request.ts'

/** What a user's file holds. */
export function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new InvalidRequest(
      `${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
