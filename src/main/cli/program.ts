import { Command, CommanderError } from 'commander'
import { ConfigError } from '../../core/config/parse.ts'
import { appVersion } from '../services/database.ts'
import { InvalidRequest } from '../services/invalid-request.ts'
import { StoreError } from '../store/errors.ts'
import { backupCommand } from './commands/backup.ts'
import { benchCommand } from './commands/bench.ts'
import { binCommand, restoreCommand } from './commands/bin.ts'
import { compareCommand } from './commands/compare.ts'
import { deleteCommand } from './commands/delete.ts'
import { enginesCommand } from './commands/engines.ts'
import { evaluateCommand } from './commands/evaluate.ts'
import { exportCommand } from './commands/export.ts'
import { finetuneCommand } from './commands/finetune.ts'
import { gcCommand } from './commands/gc.ts'
import { importCommand } from './commands/import.ts'
import { layoutCommand } from './commands/layout.ts'
import { noteCommand } from './commands/note.ts'
import { organiseCommand } from './commands/organise.ts'
import { renameCommand } from './commands/rename.ts'
import { rolloutCommand } from './commands/rollout.ts'
import { runsCommand } from './commands/runs.ts'
import { serveCommand } from './commands/serve.ts'
import { settingsCommand } from './commands/settings.ts'
import { showCommand } from './commands/show.ts'
import { sqlCommand } from './commands/sql.ts'
import { studyCommand } from './commands/study.ts'
import { tasksCommand } from './commands/tasks.ts'
import { trainCommand } from './commands/train.ts'
import { Stopped } from './interrupt.ts'
import { jsonText } from './json.ts'

/** What the shell is told; `stopped` is what it makes of a program that Ctrl-C ended (128 + SIGINT). */
export const EXIT = { done: 0, failed: 1, badArguments: 2, stopped: 130 } as const

/** @param json errors are reported as JSON, so the parser itself says nothing */
function createProgram(json: boolean): Command {
  const program = new Command('cmaml')
    .description('Constrained meta reinforcement learning on Safety-Gymnasium tasks.')
    .version(appVersion)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(cmaml --help lists all commands)')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 bad arguments, 130 stopped by Ctrl-C, what was done being saved.',
    )
  const commands = [
    trainCommand(),
    finetuneCommand(),
    studyCommand(),
    runsCommand(),
    showCommand(),
    compareCommand(),
    evaluateCommand(),
    exportCommand(),
    importCommand(),
    renameCommand(),
    noteCommand(),
    organiseCommand(),
    sqlCommand(),
    deleteCommand(),
    binCommand(),
    restoreCommand(),
    backupCommand(),
    gcCommand(),
    tasksCommand(),
    layoutCommand(),
    rolloutCommand(),
    settingsCommand(),
    serveCommand(),
    benchCommand(),
    enginesCommand(),
  ]
  for (const command of commands) program.addCommand(command)
  if (json) for (const command of [program, ...commands]) command.configureOutput({ outputError: () => {} })
  return program
}

/** Runs one command line and says how it ended. */
export async function runCli(args: readonly string[]): Promise<number> {
  const json = args.includes('--json')
  const program = createProgram(json)
  // A command line without a command asks what there is.
  if (args.length === 0) {
    program.outputHelp()
    return EXIT.badArguments
  }
  try {
    await program.parseAsync(args, { from: 'user' })
    return EXIT.done
  } catch (error) {
    return report(error, json)
  }
}

function report(error: unknown, json: boolean): number {
  if (error instanceof Stopped) return EXIT.stopped
  // Commander has already written the help or version that was asked for, and its message unless that is to be JSON.
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done
  if (error instanceof CommanderError && !json) return EXIT.badArguments
  const badArguments =
    error instanceof CommanderError ||
    error instanceof ConfigError ||
    error instanceof InvalidRequest ||
    (error instanceof StoreError && error.code === 'unknown')
  const message = (error instanceof Error ? error.message : String(error)).replace(/^error: /, '')
  const exitCode = badArguments ? EXIT.badArguments : EXIT.failed
  process.stderr.write(json ? `${jsonText({ error: { message, exitCode } })}\n` : `error: ${message}\n`)
  if (process.env['CMAML_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
  return exitCode
}
