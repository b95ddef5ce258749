// node bin/run.mjs FILE [ARGUMENT...]: runs a script under the bundled Node 24. npm 11 puts that Node first for npm
// scripts, but npm 10 links no .bin/node as soon as one of the optional platform packages is skipped.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureNode } from './node-guard.mjs'

await ensureNode(import.meta.url)

const [node = '', , file = ''] = process.argv
if (file === '') {
  console.error('Usage: node bin/run.mjs FILE [ARGUMENT...]')
  process.exit(2)
}
process.argv = [node, resolve(file), ...process.argv.slice(3)]
await import(pathToFileURL(resolve(file)).href)
