import { describe, expect, it } from 'vitest'
import { migrateConfig } from '../../../../src/core/config/migrate.ts'
import type { RunConfig } from '../../../../src/core/config/settings.ts'
import { emptyMoments } from '../../../../src/core/nn/observation-scaling.ts'
import { decodeCheckpoint, encodeCheckpoint } from '../../../../src/main/store/checkpoint/checkpoint.ts'
import { decodeSafetensors } from '../../../../src/main/store/checkpoint/safetensors.ts'
import { configOfVersion1 } from '../../../golden/version-1.ts'
import { config, stateAt } from '../samples.ts'
import { bits, checkpoint, file, rewritten } from './fixtures.ts'

describe('a checkpoint file', () => {
  it.each([
    ['hidden goal', config()],
    ['visible goal', config({ environment: { goal: 'visible' } })],
    ['one wide layer', config({ policy: { hidden: [128] } })],
    ['four layers', config({ policy: { hidden: [8, 16, 8, 24] } })],
    ['outer optimiser with moments', config({ meta: { optimiser: 'adam' } })],
    ['pre-training', config({ method: 'pre-train' })],
  ])('holds a state bit for bit (%s)', (_, of: RunConfig) => {
    const state = stateAt(2, of)
    state.theta.set([-0, 1e-45, 3.4e38, -1e-40])
    const lambda = { ...state.lambda, value: 0.1 + 0.2, integral: -0 }
    const eta = { ...state.eta, value: Number.MIN_VALUE, smoothedCost: Number.MAX_VALUE }
    const given = { config: of, state: { ...state, lambda, eta, kappa: -0 } }
    const read = decodeCheckpoint(encodeCheckpoint(given))
    expect(read).toEqual(given)
    expect(bits(read.state.theta)).toEqual(bits(state.theta))
    expect(encodeCheckpoint(read)).toEqual(encodeCheckpoint(given))
  })

  it('may have no observation moments', () => {
    const given = { ...checkpoint, state: { ...checkpoint.state, moments: emptyMoments(0) } }
    expect(decodeCheckpoint(encodeCheckpoint(given))).toEqual(given)
  })

  it('may have a configuration of version 1, which is read in the newest form', () => {
    const old = { ...(configOfVersion1() as object), policy: { ...config().policy } }
    const bytes = rewritten(({ metadata }) => (metadata['config'] = JSON.stringify(old)))
    const read = decodeCheckpoint(bytes)
    expect(read).toEqual({ config: migrateConfig(old), state: checkpoint.state })
    expect(decodeCheckpoint(encodeCheckpoint(read))).toEqual(read)
  })

  it('is a safetensors file with one named, aligned tensor per layer', () => {
    const { tensors, metadata } = decodeSafetensors(file)
    expect(tensors.get('policy.hidden0.kernel')).toMatchObject({ dtype: 'F32', shape: [44, 8] })
    expect(tensors.get('policy.logStd')!.data).toEqual(checkpoint.state.theta.slice(-2))
    expect(tensors.get('costCritic.secondMoment.head.bias')).toMatchObject({ dtype: 'F32', shape: [1] })
    for (const field of ['value', 'firstMoment', 'secondMoment', 'integral', 'smoothedCost'] as const)
      expect(tensors.get(`eta.${field}`)).toEqual({
        ...{ dtype: 'F64', shape: [], data: Float64Array.of(checkpoint.state.eta[field]) },
      })
    expect(metadata).toMatchObject({ format: 'cmaml-checkpoint', formatVersion: '2', iteration: '3', envSteps: '3000' })
    expect(metadata).toMatchObject({ lambdaUpdates: '6', etaUpdates: '9', costCriticUpdates: '120' })
    const headerBytes = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
    expect(headerBytes % 8).toBe(0)
    const header = JSON.parse(Buffer.from(file).toString('utf8', 8, 8 + headerBytes)) as Record<
      string,
      { dtype: string; data_offsets: number[] }
    >
    for (const { dtype, data_offsets: offsets } of Object.values(header))
      if (offsets) expect(offsets[0]! % (dtype === 'F64' ? 8 : 4)).toBe(0)
  })

  it('cannot be written with numbers that are not finite, or of other networks', () => {
    const { state } = checkpoint
    const write = (changed: object) => () => encodeCheckpoint({ config: config(), state: { ...state, ...changed } })
    expect(write({ eta: { ...state.eta, value: Infinity } })).toThrow(
      'eta.value[0] is Infinity in the state of iteration 3',
    )
    expect(write({ theta: state.theta.map(() => NaN) })).toThrow('policy.hidden0.kernel[0] is NaN')
    expect(write({ theta: state.theta.subarray(1) })).toThrow(
      /policy has \d+ parameters, the configuration's networks have/,
    )
  })
})
