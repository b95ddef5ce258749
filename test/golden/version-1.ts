/** What version 0.1.0 of the program wrote; README.md beside this file says how. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const read = (name: string): Buffer => readFileSync(new URL(name, import.meta.url))

/** A SQLite file: a meta-training, its fine-tuning, and a training that was interrupted before its first iteration. */
export const databaseOfVersion1 = (): Buffer => gunzipSync(read('version-1.sqlite.gz'))

/** The checkpoint of the meta-training's second of three iterations. */
export const checkpointOfVersion1 = (): Buffer => read('version-1.safetensors')

/** The defaults of every setting. */
export const configOfVersion1 = (): unknown => JSON.parse(read('version-1-config.json').toString())
