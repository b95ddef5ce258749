// Entry of the `cmaml` command. bin/cmaml.mjs has already made sure of the Node version.
import { runCli } from './program.ts'
import { watchStandardOutput } from './standard-output.ts'

watchStandardOutput()
process.exitCode = await runCli(process.argv.slice(2))
