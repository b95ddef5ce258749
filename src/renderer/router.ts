// The table of screens. A screen is loaded when it is first opened; one with `navigation` stands in the rail, in this
// order. Titles go to the window; focus goes to the content.
import { createRouter, createWebHashHistory, START_LOCATION, type RouteRecordRaw } from 'vue-router'
import type { IconName } from './components/icon-paths.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Of the window: `Runs · C-MAML Studio`. A screen that knows better sets it with `setTitle`. */
    title: string
    navigation?: {
      readonly label: string
      readonly icon: IconName
      /** Goes there: `g r`. */
      readonly keys: string
    }
  }
}

const runScreen = () => import('./views/RunView.vue')

const routes: readonly RouteRecordRaw[] = [
  {
    path: '/',
    name: 'runs',
    component: () => import('./views/RunsView.vue'),
    meta: { title: 'Runs', navigation: { label: 'Runs', icon: 'runs', keys: 'g r' } },
  },
  {
    path: '/run/:id',
    name: 'run',
    component: runScreen,
    meta: { title: 'Run' },
  },
  {
    path: '/diff',
    name: 'diff',
    component: () => import('./views/DiffView.vue'),
    meta: { title: 'Compare settings' },
  },
  {
    path: '/new',
    name: 'new-run',
    component: () => import('./views/NewRunView.vue'),
    meta: { title: 'New run', navigation: { label: 'New run', icon: 'new-run', keys: 'g n' } },
  },
  {
    path: '/queue',
    name: 'queue',
    component: () => import('./views/QueueView.vue'),
    meta: { title: 'Queue', navigation: { label: 'Queue', icon: 'queue', keys: 'g q' } },
  },
  {
    path: '/compare',
    name: 'compare',
    component: () => import('./views/CompareView.vue'),
    meta: { title: 'Compare', navigation: { label: 'Compare', icon: 'compare', keys: 'g c' } },
  },
  {
    path: '/tasks',
    name: 'tasks',
    component: () => import('./views/TasksView.vue'),
    meta: { title: 'Tasks', navigation: { label: 'Tasks', icon: 'tasks', keys: 'g t' } },
  },
  {
    path: '/task/:world/:seed',
    name: 'task',
    component: () => import('./views/TaskView.vue'),
    meta: { title: 'Task' },
  },
  {
    path: '/replay',
    alias: '/replays',
    name: 'replays',
    component: () => import('./views/ReplayView.vue'),
    meta: { title: 'Replays', navigation: { label: 'Replays', icon: 'replay', keys: 'g e' } },
  },
  {
    path: '/try',
    name: 'try',
    component: () => import('./views/TryView.vue'),
    meta: { title: 'Try a policy' },
  },
  {
    path: '/checkpoints',
    name: 'checkpoints',
    component: () => import('./views/CheckpointsView.vue'),
    meta: { title: 'Checkpoints', navigation: { label: 'Checkpoints', icon: 'checkpoints', keys: 'g k' } },
  },
  {
    path: '/bin',
    name: 'bin',
    component: () => import('./views/BinView.vue'),
    meta: { title: 'Bin' },
  },
  {
    path: '/sql',
    name: 'sql',
    component: () => import('./views/SqlView.vue'),
    meta: { title: 'SQL', navigation: { label: 'SQL', icon: 'sql', keys: 'g s' } },
  },
  {
    path: '/settings',
    name: 'settings',
    component: () => import('./views/SettingsView.vue'),
    meta: { title: 'Settings', navigation: { label: 'Settings', icon: 'settings', keys: 'g ,' } },
  },
  {
    path: '/:path(.*)*',
    name: 'not-found',
    component: () => import('./shell/NotFound.vue'),
    meta: { title: 'Not found' },
  },
]

export const router = createRouter({ history: createWebHashHistory(), routes })

/** How long whatever is opened first has the machine to itself (ms). */
const HEAD_START_MS = 2000

// Most of the code is for drawing. Fetched while nobody waits, the first run opens as fast as those after it.
void router.isReady().then(() =>
  setTimeout(() => {
    // Whoever opens a run asks for it again, and is told of what fails.
    requestIdleCallback(() => void runScreen().catch(() => undefined))
  }, HEAD_START_MS),
)

// A change of the query alone leaves the title that the screen may have set.
router.afterEach(({ meta, path }, from) => {
  if (path !== from.path || from === START_LOCATION) setTitle(meta.title)
})

/** Names the window after what is on the screen. */
export function setTitle(title: string): void {
  document.title = `${title} · C-MAML Studio`
}

/** The screens of the rail, in their order. */
export const navigation = routes.flatMap(({ name, meta }) =>
  meta?.navigation === undefined ? [] : [{ name: String(name), ...meta.navigation }],
)
