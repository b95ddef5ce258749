import { sampleTask, sampleTasks } from '../../../../src/core/env/tasks.ts'
import { worlds } from '../../../../src/core/env/world.ts'
import type { CurvesPanel, Estimate, Figure, Panel, Series } from '../../../../src/core/study/figure-data.ts'

export const NASTY = `run <b>"a" & 'b'</b> ]]> &amp; \u0000\u001b\ud800 {x|y} url(#zr0-c0)`

export function series(change: Partial<Series> = {}): Series {
  return {
    label: 'C-MAML',
    role: 'c-maml',
    x: [0, 1, 2],
    mean: [0.1 + 0.2, 1 / 3, -1e-7],
    low: [-1, 0, 1e-300],
    high: [1, Number.MAX_SAFE_INTEGER, 1],
    n: 318,
    ...change,
  }
}

export function curves(change: Partial<CurvesPanel> = {}): CurvesPanel {
  return {
    kind: 'curves',
    title: 'Cost',
    x: { label: 'adaptation step' },
    y: { label: 'episode cost', unit: 'steps' },
    series: [
      series({ high: [1, 2, 3] }),
      series({ label: 'random', role: 'random', mean: [3, 2, 1] }),
      series({ label: 'pre-trained', role: 'pre-trained', mean: [4, 4, 4] }),
      series({ label: 'MAML', role: 'maml', mean: [9, 8, 7] }),
    ].map((one) => ({ ...one, low: one.mean.map((y) => y - 1), high: one.mean.map((y) => y + 1) })),
    references: [{ label: 'cost limit d = 5', value: 5 }],
    ...change,
  }
}

const world = worlds['environment-2']
const task = sampleTask(world, 122)

export const paths: Panel = {
  kind: 'paths',
  title: 'Task 122',
  world,
  layout: task.layout,
  paths: [
    { label: 'C-MAML', role: 'c-maml', x: [0, 0.5, 1], y: [0, 0.25, 0.5], cost: [0, 1, 0] },
    { label: 'random', role: 'random', x: [0, -0.5], y: [0, 2.5], cost: [0, 0] },
  ],
}

export const layouts: Panel = { kind: 'layouts', title: 'All', world, tasks: sampleTasks(world, { from: 0, to: 116 }) }

const estimates: Estimate[] = [
  { label: 'C-MAML', role: 'c-maml', value: 0.7, low: 0.6, high: 0.8, n: 318 },
  { label: 'one seed only', role: 'random', value: 0.5, low: -Infinity, high: Infinity },
  { label: 'no interval', role: 'maml', value: 0.4 },
]

export const intervals: Panel = {
  kind: 'intervals',
  title: 'P(improvement)',
  x: { label: 'probability' },
  estimates,
  references: [{ label: 'no difference', value: 0.5 }],
}

export const profile: Panel = {
  kind: 'profile',
  title: 'Profile',
  x: { label: 'normalised score' },
  y: { label: 'share of runs' },
  series: [series({ mean: [1, 0.5, 0], low: [0.9, 0.4, 0], high: [1, 0.6, 0.1] })],
}

export function figure(...panels: Panel[]): Figure {
  return { id: 'figure-4', title: 'Four initialisations', caption: 'N = 106 tasks, 3 seeds.\nBands: SD.', panels }
}
