/**
 * How far the engines on TensorFlow.js are from the SIMD engine and from float64, as `cmaml engines --check` says it.
 *
 *     node scripts/engine-agreement.ts [backend ...]      # tensorflow, webgpu, wasm, cpu; all that load by default
 */
import { runCli } from '../src/main/cli/program.ts'

const backends = process.argv.slice(2).map((backend) => `tfjs/${backend}`)
process.exitCode = await runCli([
  'engines',
  '--check',
  ...(backends.length > 0 ? ['--only', ['simd', ...backends].join()] : []),
])
