/** What `--engine auto` means on this machine. */
import type { RunConfig } from '../../../core/config/settings.ts'
import { explainEngine, type EngineChoice } from '../../../core/training/choose-engine.ts'
import { readMeasurement } from './timings-file.ts'

export interface ChosenEngine extends EngineChoice {
  /** What it was timed on; null where no timing decided. */
  readonly device: string | null
}

/** By the stored measurement, which is read if the configuration leaves the choice. */
export function chosenEngine(config: RunConfig): ChosenEngine {
  const measurement = config.engine === 'auto' ? readMeasurement().measurement : null
  // What has failed once, if only at larger problems, is not trusted with a run.
  const sound = measurement?.timings.filter(
    ({ engine }) => measurement.engines.find(({ name }) => name === engine)?.failure === null,
  )
  const choice = explainEngine(config, sound ?? null)
  const device = measurement?.engines.find(({ name }) => name === choice.engine)?.device ?? null
  return { ...choice, device }
}
