/**
 * What a curve and its band can be, over T tasks and R seeds:
 * - `sd-tasks`: the mean, and one standard deviation across tasks (each averaged over its seeds first);
 * - `sd-seeds`: the mean, and one standard deviation across seeds (each averaged over its tasks first);
 * - `bootstrap-mean`, `bootstrap-iqm`: the mean, or the interquartile mean of all R x T values, and the 95 % percentile
 *   interval of resamples of whole seeds and whole tasks.
 */
export const BAND_KINDS = ['sd-tasks', 'sd-seeds', 'bootstrap-mean', 'bootstrap-iqm'] as const
export type BandKind = (typeof BAND_KINDS)[number]
