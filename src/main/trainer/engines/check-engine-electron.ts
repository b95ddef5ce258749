import { utilityProcess } from 'electron'
import { lastWords } from '../launch.ts'
import { checkBy, type CheckOutcome } from './check-engine.ts'

/** In a utility process of Electron. */
export const checkUnderElectron = checkBy((program, args, listener) => {
  const child = utilityProcess.fork(program, args, {
    serviceName: 'C-MAML engine check',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const stderr = lastWords(child.stderr)
  child.on('message', (outcome: CheckOutcome) => listener.said(outcome))
  child.on('exit', (code) => listener.ended(`exit code ${code}. ${stderr().trim()}`.trim()))
  return () => void child.kill()
})
