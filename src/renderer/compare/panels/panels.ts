/** The panels around the figure, in their usual order. */
import type { ComparePanel } from '../context.ts'

export const PANELS: readonly ComparePanel[] = []
