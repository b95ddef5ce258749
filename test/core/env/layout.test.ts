import { describe, expect, it } from 'vitest'
import { sampleGoal, sampleLayout } from '../../../src/core/env/layout.ts'
import { worlds } from '../../../src/core/env/world.ts'
import type { World } from '../../../src/core/env/world.ts'
import { RandomState } from '../../../src/core/random/mt19937.ts'
import { readLayouts } from '../../golden/read.ts'

const point = ({ x, y }: { x: number; y: number }) => [x, y]

describe('sampleLayout', () => {
  describe.each([
    ['pointgoal1', worlds['point-goal-1']],
    ['environment1', worlds['environment-1']],
    ['pointgoal2', worlds['point-goal-2']],
    ['pointgoal2', worlds['environment-2']],
  ] as const)('gives the layouts of Safety-Gymnasium bit for bit: %s', (recorded, world) => {
    const golden = readLayouts(recorded)

    it('in full, with the stream behind them', () => {
      expect(golden.layouts).toHaveLength(40)
      for (const expected of golden.layouts) {
        const { layout, random } = sampleLayout(world, expected.seed)
        expect(point(layout.robot)).toEqual(expected.agent)
        expect(layout.robot.yaw).toBe(expected.agentRot)
        expect(point(layout.goal)).toEqual(expected.goal)
        expect(point(layout.firstSampledGoal)).toEqual(expected.firstSampledGoal)
        expect(layout.hazards.map(point)).toEqual(expected.hazards)
        expect(layout.vases.map(point)).toEqual(expected.vases)
        expect(layout.vases.map(({ yaw }) => yaw)).toEqual(expected.vaseRots)
        expect(random.uint32()).toBe(expected.nextUint32)
      }
    })

    it('in start poses and goals of seeds 0 to 600', () => {
      const poses = Array.from({ length: 601 }, (_, seed) => {
        const { robot, goal } = sampleLayout(world, seed).layout
        return [robot.x, robot.y, robot.yaw, goal.x, goal.y]
      })
      expect(Float64Array.from(poses.flat())).toEqual(golden.poses)
    })
  })

  it('keeps every pair of objects apart by the sum of their keep-outs', () => {
    const world = worlds['environment-2']
    for (let seed = 1000; seed < 1050; seed++) {
      const { layout } = sampleLayout(world, seed)
      const all = [
        { ...layout.robot, keepout: 0.4 },
        { ...layout.goal, keepout: 0.305 },
        ...layout.hazards.map((pose) => ({ ...pose, keepout: 0.18 })),
        ...layout.vases.map((pose) => ({ ...pose, keepout: 0.15 })),
      ]
      for (const [i, a] of all.entries()) {
        for (const b of all.slice(i + 1)) {
          expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(a.keepout + b.keepout - 1e-12)
        }
      }
    }
  })

  it('places the objects of a new description without new code', () => {
    const base = worlds['point-goal-1']
    const world: World = { ...base, name: 'two-rings', objects: [base.objects[0], { ...base.objects[0], count: 2 }] }
    const { layout } = sampleLayout(world, 5)
    expect(layout.hazards).toHaveLength(10)
    expect(layout.vases).toHaveLength(0)
  })

  it('says so when the objects cannot fit', () => {
    const world: World = { ...worlds['environment-2'], name: 'tight', extent: 0.5 }
    expect(() => sampleLayout(world, 0)).toThrow('The objects of tight do not fit into its extent of 0.5 m')
  })
})

describe('sampleGoal', () => {
  it('gives up when no place is left', () => {
    const world = worlds['environment-1']
    expect(sampleGoal(world, new RandomState(0), [{ x: 0, y: 0, keepout: 3 }])).toBeNull()
  })
})
