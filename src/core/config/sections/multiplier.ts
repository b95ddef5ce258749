import { z } from 'zod'
import { atLeastZero, positive, setting } from '../setting.ts'
import { ours } from './sources.ts'

const stooke = 'Stooke et al. (2020), Responsive Safety by PID Lagrangian Methods'

interface MultiplierDefaults {
  readonly rate: number
  readonly cap: number
  readonly violationCap: number
}

/** How a Lagrange multiplier follows a violation. @param name as in `the meta multiplier lambda (eq. 22)` */
export const multiplierUpdate = (name: string, { rate, cap, violationCap }: MultiplierDefaults) => ({
  update: setting(z.enum(['gradient', 'adam', 'pid']), 'gradient', {
    help: `How ${name} moves: projected gradient ascent, Adam on the same gradient, or a PID controller.`,
    source: `C-MAML paper, eq. 22 and 31 (gradient); OmniSafe (adam); ${stooke} (pid)`,
  }),
  rate: setting(atLeastZero(1), rate, {
    help: `Step of ${name} per unit of episode cost above the limit (adam: its step size; pid: the integral gain).`,
    source: ours,
  }),
  proportional: setting(atLeastZero(10), 0.02, {
    help: `pid: what ${name} adds per unit of present violation, and takes off per unit below the limit.`,
    source: `${stooke}; size: ${ours}`,
  }),
  derivative: setting(atLeastZero(10), 0.01, {
    help: `pid: what ${name} adds per unit by which the cost has just risen.`,
    source: `${stooke}; size: ${ours}`,
  }),
  smoothing: setting(z.number().min(0).lt(1), 0.5, {
    help: `pid: weight of the past in the running mean of the cost that ${name} sees.`,
    source: stooke,
  }),
  cap: setting(positive(1000), cap, { help: `Largest value of ${name}.`, source: ours }),
  violationCap: setting(positive(10_000), violationCap, {
    help: `Most of a violation that one update of ${name} counts: early costs of 40 would wind it up for good.`,
    unit: 'cost per episode',
    source: ours,
  }),
})

/** A multiplier that lives as long as a run. */
export const lastingMultiplier = (name: string, initial: number, defaults: MultiplierDefaults) => ({
  mode: setting(z.enum(['adaptive', 'fixed', 'off']), 'adaptive', {
    help: `Whether ${name} follows the cost, keeps its initial value, or is zero throughout.`,
    source: 'C-MAML paper, figure 3 (adaptive against 0)',
  }),
  initial: setting(atLeastZero(100), initial, { help: `Initial value of ${name}.`, source: ours }),
  ...multiplierUpdate(name, defaults),
})
