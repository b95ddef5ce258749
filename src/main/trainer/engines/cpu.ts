import { importTfjs, start, type LoadedBackend } from './backend.ts'

/** tfjs's backend in plain JavaScript: runs everywhere, slowly. */
export async function loadCpu(): Promise<LoadedBackend> {
  const tf = await importTfjs()
  const { version_cpu } = await import('@tensorflow/tfjs-backend-cpu')
  return start(tf, 'cpu', () => ({
    device: 'JavaScript, one thread',
    versions: { '@tensorflow/tfjs-backend-cpu': version_cpu },
    transposeExplicitly: false,
  }))
}
