/** The panels around the figure, in their usual order. */
import type { ComparePanel } from '../context.ts'
import { framed } from './framed.ts'

export const PANELS: readonly ComparePanel[] = [
  framed('tasks', 'Return against cost, task by task', () => import('./TaskScatter.vue')),
  framed('heat-map', 'Tasks and initialisations', () => import('./TaskMatrix.vue')),
  framed('profiles', 'Performance profiles', () => import('./ProfilesPanel.vue')),
  framed('improvement', 'Probability of improvement', () => import('./ImprovementPanel.vue')),
  framed('cost', 'Cost at every adaptation step', () => import('./CostSteps.vue')),
  framed('violations', 'Violation totals', () => import('./ViolationTotals.vue')),
  framed('differences', 'Paired differences', () => import('./PairedDifferences.vue'), 'wide'),
  framed('budgets', 'Interaction budgets', () => import('./InteractionBudgets.vue'), 'table'),
  framed('settings', 'Differences of configuration', () => import('./SettingDifferences.vue'), 'table'),
]
