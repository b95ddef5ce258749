import { z } from 'zod'
import { count, positive, setting } from '../setting.ts'
import { ours } from './sources.ts'

/** The world and its rules. */
export const environment = z.strictObject({
  world: setting(z.enum(['environment-1', 'environment-2', 'point-goal-1', 'point-goal-2']), 'environment-2', {
    help: 'Which world description the tasks are drawn from.',
    source: 'C-MAML paper, appendix F; Safety-Gymnasium',
  }),
  goal: setting(z.enum(['hidden', 'visible']), 'hidden', {
    help: 'Whether the goal lidar is observed (60 observations) or the goal has to be searched for (44).',
    source: 'C-MAML paper, section 5 ("search for goals")',
  }),
  goalRule: setting(z.enum(['end', 'resample', 'stay']), 'end', {
    help: 'What reaching the goal does: end the episode, draw the next goal, or nothing.',
    source: "first author's public code, hidden_goal_wrapper.py (continue_goal=False)",
  }),
  horizon: setting(count(10, 10_000), 400, {
    help: 'Steps after which an episode is truncated.',
    unit: 'environment steps',
    source: `Safety-Gymnasium uses 1000; 400: ${ours}`,
  }),
  vasesConstrained: setting(z.boolean(), false, {
    help: "Whether Environment 1's vase counts as a cost (Environment 2's vases always do).",
    source: "Safety-Gymnasium level 1 (is_constrained=False); the paper's text says vases penalise",
  }),
  physics: setting(z.enum(['fast', 'reference']), 'fast', {
    help: 'fast: closed-form motion where the robot can touch nothing, MuJoCo elsewhere; reference: MuJoCo for every substep.',
    source: 'bench/physics-equivalence.ts',
  }),
})

/** Which seeds are tasks. */
export const tasks = z.strictObject({
  trainingFrom: setting(count(0, 1_000_000), 0, { help: 'First training seed.', source: 'C-MAML paper, appendix F' }),
  trainingTo: setting(count(0, 1_000_000), 300, {
    help: 'Last training seed (inclusive).',
    source: 'C-MAML paper, appendix F',
  }),
  heldOutFrom: setting(count(0, 1_000_000), 301, { help: 'First held-out seed.', source: 'own choice' }),
  heldOutTo: setting(count(0, 1_000_000), 600, { help: 'Last held-out seed (inclusive).', source: 'own choice' }),
  arcDegrees: setting(positive(360), 140, {
    help: 'Only layouts whose first goal lies within this arc around the robot’s heading are tasks.',
    unit: 'degrees',
    source: 'C-MAML paper, appendix F',
  }),
})
