/**
 * A comparison of 4 initialisations x 117 tasks x 11 steps x 3 seeds: from its address to the drawn figure, from there to
 * the bands of 10,000 resamples, and how long the page stands still meanwhile.
 */
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { parseRunConfig } from '../../src/core/config/parse.ts'
import { openStore } from '../../src/main/store/open.ts'
import { fineTuneResult, fineTuning } from '../../test/main/store/samples.ts'
import { median, type Measurement } from './measurement.ts'
import { leave, openApp, openPage } from './page.ts'
import { serve } from './served.ts'

const [LABELS, SEEDS, TASKS, STEPS] = [['C-MAML', 'random', 'pre-trained', 'MAML'], [1, 2, 3], 117, 10] as const
const OPENINGS = 5

export async function openComparison(browser: Browser, folder: string): Promise<Measurement[]> {
  const { database, runs } = await comparedDatabase(folder)
  const served = await serve(database)
  const opened = await openPage(browser)
  try {
    const { page } = opened
    await openApp(page, served.url)
    const found: (Opening & { busy: number; served: number })[] = []
    for (let i = 0; i < OPENINGS; i++) {
      const [busy, server] = [await opened.busy(), served.busy() ?? Number.NaN]
      const opening = await page.evaluate(timeToFigure, `#/compare?runs=${runs.join(',')}`)
      const after = [await opened.busy(), served.busy() ?? Number.NaN] as const
      found.push({ ...opening, busy: after[0] - busy, served: after[1] - server })
      await leave(page)
    }
    const of = (read: (opening: (typeof found)[number]) => number) => median(found.map(read))
    return [
      {
        what: 'from the address of a comparison to its figure, rough bands included',
        unit: 'ms',
        result: of(({ drawn }) => drawn),
        goal: 500,
        baseline: { what: 'processor time of the server', value: of(({ served: time }) => time) },
      },
      {
        what: 'from the figure to its bands of 10,000 resamples, return, cost and feasible share',
        unit: 'ms',
        result: of(({ drawn, final }) => final - drawn),
        // Three of them, of which each is to take less than a second.
        goal: 3000,
        baseline: {
          what: "processor time of the page's own thread, from the address on",
          value: of(({ busy }) => busy),
        },
      },
      {
        what: 'longest time between two frames while the worker resamples',
        unit: 'ms',
        result: of(({ longest }) => longest),
        goal: 100,
        baseline: null,
      },
    ]
  } finally {
    await opened.close()
    await served.close()
  }
}

async function comparedDatabase(folder: string): Promise<{ database: string; runs: string[] }> {
  const database = join(folder, 'compared.sqlite')
  const store = await openStore(database, { appVersion: 'bench', mode: 'create' })
  try {
    const tasks = Array.from({ length: TASKS }, (_, i) => i + 1)
    const runs = SEEDS.map((seed) => {
      const config = parseRunConfig({ policy: { hidden: [8] }, seed, fineTune: { tasks: 0, steps: STEPS } })
      const { id } = store.createRun(fineTuning({ name: `seed ${seed}`, config, total: LABELS.length * TASKS, tasks }))
      store.declareInitialisations(
        id,
        LABELS.map((label) => ({ label, checkpoint: null })),
      )
      LABELS.forEach((_, initialisation) =>
        tasks.forEach((task) => {
          const random = 10_000 * seed + 1000 * initialisation + task
          store.commitFineTuneResult(id, initialisation, { ...fineTuneResult(random, STEPS), task })
        }),
      )
      store.finishRun(id, { status: 'completed' })
      return id
    })
    return { database, runs }
  } finally {
    store.close()
  }
}

interface Opening {
  readonly drawn: number
  readonly final: number
  readonly longest: number
}

/** Runs in the page. */
function timeToFigure(hash: string): Promise<Opening> {
  const begun = performance.now()
  location.hash = hash
  const isDrawn = () => {
    const canvas = document.querySelector<HTMLCanvasElement>('[role=img] canvas')
    if (canvas === null || canvas.width === 0) return false
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    for (let i = 3; i < data.length; i += 4) if (data[i] !== 0) return true
    return false
  }
  let drawn = 0
  let before = 0
  let longest = 0
  return new Promise((resolve, reject) => {
    const look = () => {
      const now = performance.now()
      if (drawn === 0) {
        if (isDrawn()) drawn = now - begun
      } else {
        if (before > 0) longest = Math.max(longest, now - before)
        before = now
        // The figure says so while its bands are not the final ones.
        if (document.querySelector('[aria-busy="true"]') === null)
          return resolve({ drawn, final: now - begun, longest })
      }
      if (now - begun > 60_000) reject(new Error('The comparison was not drawn.'))
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
}
