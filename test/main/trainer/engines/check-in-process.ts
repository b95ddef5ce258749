// A program that checks an engine and prints how that went: check-in-process FOLDER KIND.
import { checkEngine } from '../../../../src/main/trainer/engines/check-engine.ts'
import type { EngineKind } from '../../../../src/main/trainer/engines/parts.ts'

const [folder, kind] = process.argv.slice(2) as [string, EngineKind]
const outcome = await checkEngine(folder, kind).catch((error: Error) => ({ error: error.message }))
process.stdout.write(JSON.stringify(outcome))
