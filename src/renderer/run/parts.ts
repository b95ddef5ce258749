// The parts of the Run screen that are loaded apart from it: drawing is most of its code, and the rest is seldom opened.
import { defineAsyncComponent } from 'vue'
import ChartsSkeleton from './ChartsSkeleton.vue'

// Asked for with the screen, so that they are on their way while the run is read.
const charts = import('./RunCharts.vue')
const adaptation = import('./AdaptationCharts.vue')

export const RunCharts = defineAsyncComponent({
  loader: () => charts,
  loadingComponent: ChartsSkeleton,
  delay: 0,
})
export const AdaptationCharts = defineAsyncComponent({
  loader: () => adaptation,
  loadingComponent: ChartsSkeleton,
  delay: 0,
})
export const RunTasks = defineAsyncComponent(() => import('./RunTasks.vue'))
export const RunConfiguration = defineAsyncComponent(() => import('./RunConfiguration.vue'))
export const RunLog = defineAsyncComponent(() => import('./RunLog.vue'))
export const RunCheckpoints = defineAsyncComponent(() => import('./RunCheckpoints.vue'))
export const RunAbout = defineAsyncComponent(() => import('./RunAbout.vue'))
export const RunNotes = defineAsyncComponent(() => import('./RunNotes.vue'))
