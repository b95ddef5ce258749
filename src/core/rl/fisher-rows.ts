/**
 * The next stride that shares no factor with the number of episodes: rows of episodes in lock step come in turn, and
 * with stride 4 and 10 episodes half of them would never enter the Fisher matrix.
 */
export function strideAcrossEpisodes(stride: number, episodes: number): number {
  const commonFactor = (a: number, b: number): number => (b === 0 ? a : commonFactor(b, a % b))
  while (commonFactor(stride, episodes) > 1) stride++
  return stride
}
