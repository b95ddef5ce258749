// Entry of the `cmaml` command. bin/cmaml.mjs has already made sure of the Node version.
import { runCli } from './program.ts'

// A reader that has seen enough (`cmaml rollout | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runCli(process.argv.slice(2))
