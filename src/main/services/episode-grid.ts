/** The paper's figure 9: what initialisations do on one task before and after adaptation. */
import type { EpisodeGrid } from '../api/contract/episodes.ts'
import type { EpisodeRow, Store } from '../store/store.ts'
import { shownInitialisations } from './initialisations.ts'

/** @param task null: the first of those of which most is recorded */
export function episodeGrid(store: Store, runs: readonly string[], task: number | null): EpisodeGrid {
  const found = runs.map((reference) => {
    const run = store.run(reference)
    // The first sampled episode stands for a policy; others are looked up in the list.
    const episodes = store.episodes(run.id).filter((row) => row.initialisation !== null && row.episode === 0)
    return { run, episodes }
  })
  const perTask = Map.groupBy(
    found.flatMap(({ episodes }) => episodes),
    (row) => row.task,
  )
  const recordedTasks = [...perTask.keys()].sort((a, b) => a - b)
  const mostRecorded = recordedTasks.toSorted((a, b) => perTask.get(b)!.length - perTask.get(a)!.length)[0]
  const chosen = task ?? mostRecorded ?? 0
  const steps = [...new Set((perTask.get(chosen) ?? []).map(({ step }) => step))].sort((a, b) => a - b)
  return {
    task: chosen,
    steps,
    recordedTasks,
    rows: found.flatMap(({ run, episodes }) => {
      const ofTask = episodes.filter((row) => row.task === chosen)
      return shownInitialisations(store, run).map(({ index, label }) => ({
        run: run.id,
        runName: run.name,
        initialisation: index,
        label,
        seed: run.seed,
        episodes: steps.map((step) =>
          bestOf(ofTask.filter((row) => row.initialisation === index && row.step === step)),
        ),
      }))
    }),
  }
}

/** Sampled actions, as in all figures of the paper, where there are both. */
const bestOf = (rows: readonly EpisodeRow[]): number | null =>
  (rows.find(({ stochastic }) => stochastic) ?? rows[0])?.id ?? null
