// Checkpoints as files: to the browser's downloads, and from the person's disk into the database.
import type { CheckpointFormat } from '../../main/api/contract.ts'
import { MAX_UPLOAD_BYTES } from '../../core/wire/upload.ts'
import { client } from '../api/client.ts'
import { saveFile } from '../format/files.ts'
import { formatBytes } from '../format/numbers.ts'
import { messageOf } from '../shell/report.ts'
import { useToasts } from '../stores/toasts.ts'

/** In the order of the menu, with what each is for. */
export const FORMATS: readonly { readonly format: CheckpointFormat; readonly label: string }[] = [
  { format: 'safetensors', label: 'safetensors: everything, to be imported' },
  { format: 'json', label: 'JSON: everything, to be read' },
  { format: 'onnx', label: 'ONNX: the policy, for other programs' },
  { format: 'tfjs', label: 'TensorFlow.js: the policy, for web pages (zip)' },
]

export async function downloadCheckpoint(checkpoint: string, format: CheckpointFormat): Promise<void> {
  try {
    const { name, type, bytes, sha256 } = await client.checkpoints.export({ checkpoint, format })
    saveFile(name, new Blob([bytes as Uint8Array<ArrayBuffer>], { type }))
    useToasts().show({ text: `Exported ${name}`, detail: `SHA-256 of the file: ${sha256}` })
  } catch (error) {
    useToasts().show({ tone: 'alarm', text: 'Could not export the checkpoint', detail: messageOf(error) })
  }
}

/** Answers whether there is one more. */
export async function importCheckpointFile(file: File): Promise<boolean> {
  const toasts = useToasts()
  try {
    if (file.size > MAX_UPLOAD_BYTES)
      throw new Error(
        `It has ${formatBytes(file.size)}, pages take up to ${formatBytes(MAX_UPLOAD_BYTES)}. ` +
          'Import it by the command line: npx cmaml import FILE.',
      )
    const bytes = new Uint8Array(await file.arrayBuffer())
    const { run, known } = await client.checkpoints.import({ name: file.name, bytes })
    toasts.show(
      known
        ? {
            text: `${file.name} is here already`,
            detail: run === null ? 'It was imported before.' : `It is a checkpoint of run ${run}.`,
          }
        : { tone: 'ok', text: `Imported ${file.name}` },
    )
    return !known
  } catch (error) {
    toasts.show({ tone: 'alarm', text: `Could not import ${file.name}`, detail: messageOf(error) })
    return false
  }
}
