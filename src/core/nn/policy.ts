/** A Gaussian MLP policy: tanh layers, a linear mean, a state-independent log standard deviation. */
export interface PolicyShape {
  readonly observationSize: number
  /** Widths of the tanh layers, each a multiple of 8 (two SIMD vectors). */
  readonly hidden: readonly number[]
  readonly actionSize: number
}

/** A plain MLP: tanh layers and a linear head. */
export interface NetworkShape {
  readonly inputs: number
  readonly hidden: readonly number[]
  readonly outputs: number
}

/** One named tensor inside a flat parameter vector. */
export interface TensorSlice {
  readonly name: string
  /** Row-major. Kernels of tanh layers are [in x out]; the head's kernel is [out x in], a dot product per output. */
  readonly shape: readonly number[]
  readonly offset: number
  readonly size: number
}

/** Order of the parameters of an MLP: per layer kernel then bias, the head last. */
export function networkTensors(shape: NetworkShape): TensorSlice[] {
  const slices: TensorSlice[] = []
  let offset = 0
  const add = (name: string, dims: readonly number[]) => {
    const size = dims.reduce((product, dim) => product * dim, 1)
    slices.push({ name, shape: dims, offset, size })
    offset += size
  }
  let inputs = shape.inputs
  shape.hidden.forEach((width, layer) => {
    add(`hidden${layer}.kernel`, [inputs, width])
    add(`hidden${layer}.bias`, [width])
    inputs = width
  })
  add('head.kernel', [shape.outputs, inputs])
  add('head.bias', [shape.outputs])
  return slices
}

export function parameterCount(shape: NetworkShape): number {
  return networkTensors(shape).reduce((sum, slice) => sum + slice.size, 0)
}

/** The mean network of a policy. */
export function meanShape(policy: PolicyShape): NetworkShape {
  return { inputs: policy.observationSize, hidden: policy.hidden, outputs: policy.actionSize }
}

/** Order of a policy's parameters: the mean network, then the log standard deviations. */
export function policyTensors(policy: PolicyShape): TensorSlice[] {
  const slices = networkTensors(meanShape(policy))
  const offset = parameterCount(meanShape(policy))
  return [...slices, { name: 'logStd', shape: [policy.actionSize], offset, size: policy.actionSize }]
}

export function policyParameterCount(policy: PolicyShape): number {
  return parameterCount(meanShape(policy)) + policy.actionSize
}

/** View of the log standard deviations inside a policy's parameters. */
export function logStdOf(policy: PolicyShape, theta: Float32Array): Float32Array {
  return theta.subarray(parameterCount(meanShape(policy)))
}

/** Mean action standard deviation of a policy. */
export function meanStd(policy: PolicyShape, theta: Float32Array): number {
  const logStd = logStdOf(policy, theta)
  return logStd.reduce((sum, value) => sum + Math.exp(value), 0) / logStd.length
}
