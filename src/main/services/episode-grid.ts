/** The paper's figure 9: what initialisations do on one task before and after adaptation. */
import type { EpisodeGrid } from '../api/contract/episodes.ts'
import type { EpisodeRow, InitialisationRow, Run, Store } from '../store/store.ts'
import { shownInitialisations } from './initialisations.ts'
import { policyFacts } from './study/matching.ts'

/** Fine-tunings that are looked through for the same policies, the newest. */
const MOST_RUNS = 1000

/** Whose episodes can stand in a row: those of its own run first. */
interface Source {
  readonly run: Run
  readonly episodes: readonly EpisodeRow[]
}

interface Row {
  readonly run: Run
  readonly initialisation: InitialisationRow
  readonly sources: readonly Source[]
}

/**
 * Of an initialisation that nothing is recorded of, episodes of another fine-tuning stand in, which are the same to the
 * bit: one from the same checkpoint with the same settings and seed.
 *
 * @param task null: the first of those of which most is recorded
 */
export function episodeGrid(store: Store, runs: readonly string[], task: number | null): EpisodeGrid {
  const asked = runs.map((reference) => store.run(reference))
  const own = new Set(asked.map(({ id }) => id))
  const others = recordedFineTunings(store).filter(({ run }) => !own.has(run.id))
  const rows = asked.flatMap((run) => rowsOf(store, run, others))
  const perTask = Map.groupBy(
    rows.flatMap(({ sources }) => sources.flatMap(({ episodes }) => episodes)),
    (row) => row.task,
  )
  const recordedTasks = [...perTask.keys()].sort((a, b) => a - b)
  const mostRecorded = recordedTasks.toSorted((a, b) => perTask.get(b)!.length - perTask.get(a)!.length)[0]
  const chosen = task ?? mostRecorded ?? 0
  const steps = [...new Set((perTask.get(chosen) ?? []).map(({ step }) => step))].sort((a, b) => a - b)
  // The same random start of several runs has the same stand-in, which is shown once.
  const shown = new Set<number>()
  const once = (id: number | null): number | null => {
    if (id === null || shown.has(id)) return null
    shown.add(id)
    return id
  }
  return {
    task: chosen,
    steps,
    recordedTasks,
    rows: rows.map(({ run: own, initialisation: { index, label }, sources }) => {
      const source = sources.find(({ episodes }) => episodes.some((row) => row.task === chosen))
      const run = source?.run ?? own
      const ofTask = source?.episodes.filter((row) => row.task === chosen) ?? []
      return {
        ...{ run: run.id, runName: run.name, isOther: run.id !== own.id },
        ...{ initialisation: index, label, seed: own.seed },
        episodes: steps.map((step) => once(bestOf(ofTask.filter((row) => row.step === step)))),
      }
    }),
  }
}

interface Recorded {
  readonly run: Run
  readonly facts: string
  readonly initialisations: readonly InitialisationRow[]
  readonly episodes: readonly EpisodeRow[]
}

function recordedFineTunings(store: Store): Recorded[] {
  return store.runs({ kind: 'fine-tune', limit: MOST_RUNS }).flatMap(({ id }) => {
    const episodes = episodesOf(store, id)
    if (episodes.length === 0) return []
    const run = store.run(id)
    return { run, facts: policyFacts(run.config), initialisations: store.initialisations(id), episodes }
  })
}

/** The first episode stands for a policy; others are looked up in the list. */
const episodesOf = (store: Store, run: string): EpisodeRow[] =>
  store.episodes(run).filter((row) => row.initialisation !== null && row.episode === 0)

function rowsOf(store: Store, run: Run, recorded: readonly Recorded[]): Row[] {
  const facts = policyFacts(run.config)
  const alike = recorded.filter((other) => other.facts === facts)
  const own = episodesOf(store, run.id)
  const of = (from: Run, all: readonly EpisodeRow[], index: number): Source[] => {
    const episodes = all.filter((row) => row.initialisation === index)
    return episodes.length === 0 ? [] : [{ run: from, episodes }]
  }
  return shownInitialisations(store, run).map((initialisation) => ({
    run,
    initialisation,
    sources: [
      ...of(run, own, initialisation.index),
      ...alike.flatMap(({ run: other, initialisations, episodes }) =>
        initialisations
          .filter(({ kind, sha256 }) => kind === initialisation.kind && sha256 === initialisation.sha256)
          .flatMap(({ index }) => of(other, episodes, index)),
      ),
    ],
  }))
}

/** Sampled actions, as in all figures of the paper, where there are both. */
const bestOf = (rows: readonly EpisodeRow[]): number | null =>
  (rows.find(({ stochastic }) => stochastic) ?? rows[0])?.id ?? null
