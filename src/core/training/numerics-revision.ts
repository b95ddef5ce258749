/**
 * Which arithmetic computes a run. Raised with every change after which a run of the same settings and seed gives other
 * bits: studies take only runs of the same revision for their own, whatever version of the program made them. A run that
 * names none is of revision 1, that of version 0.2.0. `test/core/training/numerics-revision.test.ts` says when it is time.
 */
export const NUMERICS_REVISION = 1

/** The revision of a stored run. */
export const revisionOf = ({ revision = 1 }: { readonly revision?: number }): number => revision
