// From values to colours, for all kinds of colour vision and with equal steps of lightness for equal steps of value.

/** 0..1 -> packed 0xAABBGGRR, as the pixels of a canvas lie in memory on the little-endian machines that exist. */
export type ColourMap = (share: number) => number

/**
 * Cividis, sampled at 17 places: J. R. Nuñez, C. R. Anderton, R. S. Renslow, Optimizing colormaps with consideration for
 * color vision deficiency, PLoS ONE 13(7), 2018, https://doi.org/10.1371/journal.pone.0199239; numbers as in Matplotlib.
 */
const CIVIDIS = [
  ['#00224e', '#002e6a', '#1a386f', '#32436d', '#434e6c', '#535a6d'],
  ['#61656f', '#6f7073', '#7d7c78', '#8c8878', '#9b9476', '#aba072'],
  ['#bcae6c', '#cdbb63', '#dec958', '#f0d846', '#fee838'],
].flat()

const SHADES = 256

/** Interpolates in Oklab (https://bottosson.github.io/posts/oklab/), where equal distances look equal. */
export function colourMap(anchors: readonly string[]): ColourMap {
  const labs = anchors.map((hex) => oklab(hex))
  const shades = Uint32Array.from({ length: SHADES }, (_, i) => {
    const place = (i / (SHADES - 1)) * (labs.length - 1)
    const low = Math.min(labs.length - 2, Math.floor(place))
    const share = place - low
    return packed(labs[low]!.map((value, k) => value + share * (labs[low + 1]![k]! - value)))
  })
  return (share) => shades[Math.min(SHADES - 1, Math.max(0, Math.round(share * (SHADES - 1))))]!
}

/** More is lighter. */
export const sequential = colourMap(CIVIDIS)

/** 0 far below, 0.5 at the limit, 1 far above: blue and vermilion, the palette's own, paling towards the middle. */
export const divergingLight = colourMap(['#00416b', '#0072b2', '#7db7dc', '#f4f3ee', '#f0a77c', '#d55e00', '#7a2e00'])
export const divergingDark = colourMap(['#9bd5f7', '#4fa8e0', '#2a5f86', '#26292d', '#8a4a20', '#f5874a', '#ffcfae'])

/** As CSS writes it. */
export function cssColour(packedColour: number): string {
  const channel = (shift: number) => ((packedColour >>> shift) & 255).toString(16).padStart(2, '0')
  return `#${channel(0)}${channel(8)}${channel(16)}`
}

/** As many as eyes can tell apart. */
const BAR_FIELDS = 24

/** A colour bar, from 0 to 1. */
export const barColours = (map: ColourMap): string[] =>
  Array.from({ length: BAR_FIELDS }, (_, i) => cssColour(map((i + 0.5) / BAR_FIELDS)))

function oklab(hex: string): number[] {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255))
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function packed([lightness = 0, a = 0, b = 0]: readonly number[]): number {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const rgb = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((value) => Math.round(255 * Math.min(1, Math.max(0, encoded(value)))))
  return (0xff000000 | (rgb[2]! << 16) | (rgb[1]! << 8) | rgb[0]!) >>> 0
}

/** sRGB's transfer function and its inverse. */
function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

function encoded(value: number): number {
  return value <= 0.0031308 ? 12.92 * value : 1.055 * Math.max(0, value) ** (1 / 2.4) - 0.055
}
