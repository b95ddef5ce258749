/** The numbers of runs as files for other programs. */
import { adaptationTable } from '../export/adaptation-table.ts'
import { metricsTable, type TableFormat } from '../export/metrics-table.ts'
import type { Run, Store } from '../store/store.ts'
import { shownInitialisations } from './initialisations.ts'

export interface MetricsFile {
  /** To suggest for the file. */
  readonly name: string
  /** Media type. */
  readonly type: string
  readonly bytes: Uint8Array
}

/** Metrics of the trainings and results of the fine-tunings: they have other columns, so that both make a file each. */
export async function metricsFiles(store: Store, ids: readonly string[], format: TableFormat): Promise<MetricsFile[]> {
  const runs = ids.map((id) => store.run(id))
  const trainings = runs.filter(({ kind }) => kind === 'train')
  const fineTunings = runs.filter(({ kind }) => kind === 'fine-tune')
  const fileOf = (stem: string, of: readonly Run[], bytes: Uint8Array): MetricsFile => ({
    name: `${of.length === 1 ? `${stem}-${of[0]!.id}` : stem}.${format}`,
    type: format === 'csv' ? 'text/csv' : 'application/vnd.apache.parquet',
    bytes,
  })
  const files: MetricsFile[] = []
  if (trainings.length > 0) files.push(fileOf('metrics', trainings, await metricsTable(store, trainings, format)))
  if (fineTunings.length > 0) {
    const labelled = fineTunings.map((run) => {
      const labels = shownInitialisations(store, run).map(({ label }) => label)
      return { id: run.id, name: run.name, labels }
    })
    files.push(fileOf('adaptation', fineTunings, await adaptationTable(store, labelled, format)))
  }
  return files
}
