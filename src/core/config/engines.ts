/** Engines by name; `tfjs` stands for TensorFlow.js on its best available backend. */
export const ENGINE_NAMES = ['simd', 'tfjs', 'tfjs/tensorflow', 'tfjs/webgpu', 'tfjs/wasm', 'tfjs/cpu'] as const

export type EngineName = (typeof ENGINE_NAMES)[number]

/** What a run may ask to be computed by. */
export const ENGINES = ['auto', ...ENGINE_NAMES] as const

export type EngineSetting = (typeof ENGINES)[number]
