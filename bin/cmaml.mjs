#!/usr/bin/env node
// The `cmaml` command: from the sources in a checkout, from the build in a package without them.
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'
import { build, hasPage } from './build.mjs'
import { ensureNode } from './node-guard.mjs'

await ensureNode(import.meta.url)
// Stripping the types of all modules takes twice as long as everything else at the start; the trainer inherits this.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/cmaml', import.meta.url))
module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE)
const source = new URL('../src/main/cli/main.ts', import.meta.url)
const built = new URL('../out/main/cli.js', import.meta.url)
// A fresh checkout has no page to serve yet.
const root = fileURLToPath(new URL('..', import.meta.url))
const [command, ...rest] = process.argv.slice(2)
const serves = command === 'serve' && !rest.some((word) => word === '--help' || word === '-h')
if (serves && existsSync(source) && !hasPage(root)) build(root)
await import((existsSync(source) ? source : built).href)
