/** Engines by name; `tfjs` stands for TensorFlow.js on its best available backend. */
export const ENGINE_NAMES = ['simd', 'tfjs', 'tfjs/tensorflow', 'tfjs/webgpu', 'tfjs/wasm', 'tfjs/cpu'] as const

export type EngineName = (typeof ENGINE_NAMES)[number]

/** What a run may ask to be computed by. */
export const ENGINES = ['auto', ...ENGINE_NAMES] as const

export type EngineSetting = (typeof ENGINES)[number]

/**
 * Whether a task's last bits may depend on which tasks are computed with it: kernels that spread a sum over threads or
 * over a graphics card cut it by the shape of the whole batch.
 *
 * @param engine as runs record it
 */
export const mixesTasks = (engine: string): boolean => engine === 'tfjs/tensorflow' || engine === 'tfjs/webgpu'
