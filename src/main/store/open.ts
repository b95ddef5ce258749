import { readCheckpointResults } from './checkpoint-results.ts'
import {
  purgeCheckpoints,
  removeCheckpoint,
  restoreCheckpoint,
  findCheckpoint,
  importCheckpoint,
  listCheckpoints,
  readCheckpoint,
  readCheckpointBytes,
  readCheckpointCard,
} from './checkpoints.ts'
import { binRuns, dropBinned, listBinned, purgeBinned, restoreRuns } from './bin.ts'
import { changesSince, dataVersion, interruptionWatch, listedRun } from './changes.ts'
import { readChartSeries, readIterationsAfter } from './chart-series.ts'
import { readBundle } from './bundle/read.ts'
import { writeBundle } from './bundle/write.ts'
import { openComparisons } from './comparisons.ts'
import { connect } from './connection.ts'
import { ownersOfEpisodes, pageOfEpisodes } from './episode-list.ts'
import {
  findEpisode,
  listEpisodes,
  purgeSomeEpisodes,
  readEpisode,
  removeEpisodes,
  restoreEpisodes,
  saveEpisode,
} from './episodes.ts'
import { readFineTuneCells } from './fine-tune-cells.ts'
import {
  commitFineTuneResult,
  declareInitialisations,
  fineTuneDone,
  hasLongestCostRuns,
  listFineTuneRows,
  listInitialisations,
} from './fine-tunes.ts'
import { commitIteration, listIterations, listTaskSteps, resumePoint, resumeState } from './iterations.ts'
import { openJobs } from './jobs.ts'
import { childrenOf } from './lineage.ts'
import { backup, collectGarbage } from './maintenance.ts'
import { extendObstacle, extendRun, organiseRuns, renameRun, setNotes } from './organise.ts'
import { runsNoting } from './notes-search.ts'
import { newOwner } from './owner.ts'
import { appendLog, logAfter } from './run-log.ts'
import {
  createRun,
  deleteRun,
  deleteSource,
  findRun,
  finishRun,
  listRuns,
  noteChange,
  resumeRun,
  signAsOwner,
} from './runs.ts'
import { readSeries } from './series.ts'
import { openSettingsOfRuns } from './settings-of-runs.ts'
import { runSize, storageReport } from './storage.ts'
import { readTaskCells } from './task-cells.ts'
import { taskResults, usedTasks } from './task-results.ts'
import type { OpenOptions, Store } from './store.ts'
import { measuredSpeeds } from './speeds.ts'
import { requestStop, stopRequested } from './stop-requests.ts'
import { write } from './transaction.ts'

/** Of a log, and of single iterations, at most so many are answered at once unless more are asked for. */
const LOG_LINES = 1000
const ITERATIONS = 5000

/**
 * Opens a database file. Several processes (and several stores of one process) may have it open; each open store is one
 * owner of runs.
 *
 * @throws StoreError where the file cannot be used, with the reason
 */
export async function openStore(file: string, options: OpenOptions): Promise<Store> {
  const connection = await connect(file, options)
  const owner = newOwner()
  return {
    file,
    createRun: (run) => createRun(connection, owner, options.appVersion, run),
    runs: (filter) => listRuns(connection, filter),
    run: (reference) => findRun(connection, reference),
    resumeRun: (id, trainer) => resumeRun(connection, owner, options.appVersion, id, trainer),
    noteChange: (id, change, facts) => noteChange(connection, owner, id, change, facts),
    heartbeat: (id) => void write(connection, () => signAsOwner(connection, owner, id)),
    finishRun: (id, outcome) => finishRun(connection, owner, id, outcome),
    requestStop: (id, how) => requestStop(connection, id, how),
    stopRequested: (id) => stopRequested(connection, id),
    speeds: (query) => measuredSpeeds(connection, query),
    jobs: openJobs(connection, owner),
    comparisons: openComparisons(connection),
    deleteRun: (id) => deleteRun(connection, id),
    deleteSource: (source) => deleteSource(connection, source),

    changesSince: (cursor, epoch) => changesSince(connection, cursor, epoch),
    listedRun: (id) => listedRun(connection, id),
    dataVersion: () => dataVersion(connection),
    noticeInterruptions: interruptionWatch(connection),
    rename: (id, name) => renameRun(connection, id, name),
    setNotes: (id, notes, was) => setNotes(connection, id, notes, was),
    organise: (ids, change) => organiseRuns(connection, ids, change),
    bin: (ids) => binRuns(connection, ids),
    restore: (ids) => restoreRuns(connection, ids),
    binned: () => listBinned(connection),
    dropBinned: (ids) => dropBinned(connection, ids),
    purgeBinned: (before = Number.MAX_SAFE_INTEGER, signal) => purgeBinned(connection, before, signal),
    extendRun: (id, total) => extendRun(connection, id, total),
    extendObstacle: (id) => extendObstacle(connection, id),
    children: (id) => childrenOf(connection, id),
    runSize: (id) => runSize(connection, id),
    settingOfRuns: openSettingsOfRuns(connection),
    runsNoting: (texts) => runsNoting(connection, texts),
    storageReport: () => storageReport(connection),

    appendLog: (id, level, text) => appendLog(connection, id, level, text),
    logAfter: (id, after, limit = LOG_LINES) => logAfter(connection, id, after, limit),

    commitIteration: (id, result, milestone, episodes = []) =>
      commitIteration(connection, owner, id, result, milestone, episodes),
    iterations: (id, range = {}) => listIterations(connection, id, range),
    series: (id, metric, query) => readSeries(connection, id, metric, query),
    chartSeries: (id, metrics, query) => readChartSeries(connection, id, metrics, query),
    iterationsAfter: (id, after, metrics, limit = ITERATIONS) =>
      readIterationsAfter(connection, id, after, metrics, limit),
    taskCells: (id, query) => readTaskCells(connection, id, query),
    taskSteps: (id, range = {}) => listTaskSteps(connection, id, range),
    resumeState: (id) => resumeState(connection, id),
    resumePoint: (id) => resumePoint(connection, id),
    usedTasks: () => usedTasks(connection),
    taskResults: (world, task) => taskResults(connection, world, task),

    declareInitialisations: (id, initialisations) => declareInitialisations(connection, owner, id, initialisations),
    initialisations: (id) => listInitialisations(connection, id),
    commitFineTuneResult: (id, initialisation, result) =>
      commitFineTuneResult(connection, owner, id, initialisation, result),
    fineTuneRows: (id) => listFineTuneRows(connection, id),
    fineTuneCells: (id) => readFineTuneCells(connection, id),
    hasLongestCostRuns: (id) => hasLongestCostRuns(connection, id),
    fineTuneDone: (id) => fineTuneDone(connection, id),

    checkpoints: (run) => listCheckpoints(connection, run),
    checkpoint: (reference) => findCheckpoint(connection, reference),
    readCheckpoint: (id) => readCheckpoint(connection, id),
    checkpointCard: (id) => readCheckpointCard(connection, id),
    checkpointResults: () => readCheckpointResults(connection),
    readCheckpointBytes: (id) => readCheckpointBytes(connection, id),
    importCheckpoint: (bytes, source) => importCheckpoint(connection, bytes, source),
    removeCheckpoint: (id) => removeCheckpoint(connection, id),
    restoreCheckpoint: (id) => restoreCheckpoint(connection, id),
    purgeCheckpoints: (before) => purgeCheckpoints(connection, before),

    saveEpisode: (key, numbers, data) => saveEpisode(connection, key, numbers, data),
    episodes: (run) => listEpisodes(connection, run),
    episode: (id) => findEpisode(connection, id),
    episodePage: (query) => pageOfEpisodes(connection, query),
    ownersOfEpisodes: () => ownersOfEpisodes(connection),
    readEpisode: (id) => readEpisode(connection, id),
    removeEpisodes: (ids) => removeEpisodes(connection, ids),
    restoreEpisodes: (ids) => restoreEpisodes(connection, ids),
    purgeSomeEpisodes: (before) => purgeSomeEpisodes(connection, before),

    writeBundle: (request) => writeBundle(connection, options.appVersion, request),
    importBundle: (bytes, source) => readBundle(connection, options.appVersion, bytes, source),

    gc: () => collectGarbage(connection),
    backup: (target) => backup(connection, target),
    close: () => void connection.close(),
  }
}
