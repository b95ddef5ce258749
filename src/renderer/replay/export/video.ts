import { advance, stopped, type Clock } from '../../../core/episode/clock.ts'
import type { MapColours } from '../map/colours.ts'
import type { Panel } from '../panels.ts'
import { createFramePainter } from './frames.ts'

/** Pixels: of the longer side of a video, and of a map at most. */
const LONGEST = 1280
const MAP = 640
/** The last picture stays this long, s. */
const REST_SECONDS = 0.6
const BITS_PER_SECOND = 6_000_000
/** Half of what screens show: an encoder in software drops what comes faster than it works. */
const FRAMES_PER_SECOND = 30
/** The encoder hands its work over so often, ms. */
const SLICE = 100
/** When nothing has come for so long, ms, it has nothing left. */
const QUIET = 1500

export interface VideoOptions {
  readonly panels: readonly Panel[]
  readonly columns: number
  readonly end: number
  readonly speed: Clock['speed']
  readonly colours: MapColours
  readonly lidar: boolean
  /** 0 to 1. */
  readonly onProgress: (share: number) => void
}

export const canRecordVideo = (): boolean => videoType() !== undefined

/**
 * A WebM of the maps from the start to the end. The browser's encoder works in real time, so this takes as long as the
 * video is, and then until the encoder is done: what waits for it when the recorder stops would be lost without a word.
 * Rejects with the signal's reason when it is stopped.
 */
export async function recordVideo(options: VideoOptions, signal: AbortSignal): Promise<Blob> {
  const mimeType = videoType()
  if (mimeType === undefined) throw new Error('This browser cannot encode WebM.')
  const { panels, columns, colours, lidar, end, speed } = options
  const rows = Math.ceil(panels.length / columns)
  const size = Math.min(MAP, Math.floor(LONGEST / Math.max(columns, rows)) - 30)
  const painter = createFramePainter(panels, columns, size, colours, lidar)
  const canvas = document.createElement('canvas')
  // Encoders want even sizes.
  canvas.width = painter.width + (painter.width % 2)
  canvas.height = painter.height + (painter.height % 2)
  const context = canvas.getContext('2d')!
  const paint = (time: number) => {
    context.fillStyle = colours.paper
    context.fillRect(0, 0, canvas.width, canvas.height)
    painter.draw(context, 0, 0, time)
  }

  paint(0)
  const stream = canvas.captureStream(FRAMES_PER_SECOND)
  const recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: BITS_PER_SECOND })
  const parts: Blob[] = []
  let lastWork = 0
  recorder.addEventListener('dataavailable', ({ data }) => {
    parts.push(data)
    if (data.size > 0) lastWork = performance.now()
  })
  const stoppedRecording = new Promise((resolve) => recorder.addEventListener('stop', resolve))
  recorder.start(SLICE)
  try {
    await play(
      { ...stopped(end), speed, playing: true },
      (time) => {
        paint(time)
        options.onProgress(end === 0 ? 1 : time / end)
      },
      signal,
    )
    // A picture that stands still is not captured: its length would be missing.
    await rest(REST_SECONDS, () => paint(end), signal)
    lastWork = performance.now()
    while (performance.now() - lastWork < QUIET) await pause(SLICE / 1000, signal)
  } finally {
    recorder.stop()
    for (const track of stream.getTracks()) track.stop()
  }
  await stoppedRecording
  return new Blob(parts, { type: 'video/webm' })
}

function play(from: Clock, show: (time: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let clock = from
    let before = performance.now()
    const frame = (now: number) => {
      if (signal.aborted) return reject(signal.reason as Error)
      clock = advance(clock, Math.max(0, now - before) / 1000)
      before = now
      show(clock.time)
      if (clock.playing) requestAnimationFrame(frame)
      else resolve()
    }
    requestAnimationFrame(frame)
  })
}

/** Shows the same over and over. */
function rest(seconds: number, show: () => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    const frame = (now: number) => {
      if (signal.aborted) return reject(signal.reason as Error)
      show()
      if (now - begun < seconds * 1000) requestAnimationFrame(frame)
      else resolve()
    }
    requestAnimationFrame(frame)
  })
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end)
      resolve()
    }, seconds * 1000)
    signal.addEventListener('abort', end, { once: true })
  })
}

function videoType(): string | undefined {
  if (typeof MediaRecorder === 'undefined') return undefined
  // VP8 takes a third of VP9's time, which is what counts in software; maps in flat colours need no better codec.
  return ['video/webm;codecs=vp8', 'video/webm;codecs=vp9', 'video/webm'].find((type) =>
    MediaRecorder.isTypeSupported(type),
  )
}
