// A map on a canvas. What stands still (floor, hazards, goal) and the trail so far are a layer of their own, which only
// grows from frame to frame; a frame copies it and draws what moves.
import { CostPart } from '../../../core/env/environment.ts'
import { goalAt, robotAt } from '../../../core/episode/pose.ts'
import { flashAt } from '../../../core/episode/timeline.ts'
import {
  drawFlash,
  drawFloor,
  drawGoal,
  drawHazards,
  drawLidar,
  drawRobot,
  drawTrail,
  drawTrailTip,
  drawVases,
  type Ground,
  type MapPicture,
} from './picture.ts'

/** Steps that a flash takes to fade: a quarter of a second at speed 1. */
const FLASH_STEPS = 12
const ANY_PART = CostPart.hazard | CostPart.vaseContact | CostPart.vaseVelocity
/** Of a trail that is still ahead. */
const AHEAD_OPACITY = 0.28

export interface MapPainter {
  /** @param size of the square, pixels of the page @param ratio device pixels per pixel */
  resize(size: number, ratio: number): void
  draw(picture: MapPicture, time: number): void
}

export function createMapPainter(canvas: HTMLCanvasElement): MapPainter {
  const context = canvas.getContext('2d')!
  const layer = document.createElement('canvas').getContext('2d')!
  let size = 0
  let ratio = 1
  /** What the layer shows: of which picture, with which goals, and each trail up to which state. */
  let shown: { readonly picture: MapPicture; readonly goals: string; ends: readonly number[] } | null = null

  function ground(target: CanvasRenderingContext2D, { reach }: MapPicture): Ground {
    const scale = (size * ratio) / (2 * reach)
    target.setTransform(scale, 0, 0, -scale, (size * ratio) / 2, (size * ratio) / 2)
    return { context: target, pixel: (2 * reach) / size }
  }

  function drawLayer(picture: MapPicture, time: number): void {
    const { actors } = picture
    const ends = actors.map(({ episode }) => Math.min(Math.floor(time), episode.length))
    const goals = actors.map(({ episode }) => Object.values(goalAt(episode.goal, time)).join()).join()
    const goesOn =
      shown?.picture === picture && shown.goals === goals && ends.every((end, i) => end >= (shown?.ends[i] ?? 0))
    const on = ground(layer, picture)
    if (shown === null || !goesOn) {
      drawStill(picture, time, on)
      shown = { picture, goals, ends: actors.map(() => 0) }
    }
    const { ends: before } = shown
    actors.forEach((actor, i) => drawTrail(on, picture, actor, before[i]!, ends[i]!))
    shown.ends = ends
  }

  function drawStill(picture: MapPicture, time: number, on: Ground): void {
    clear(layer)
    ground(layer, picture)
    const { actors } = picture
    const first = actors[0]
    if (first === undefined) return
    drawFloor(on, picture, first.episode.world)
    drawHazards(on, picture, first.episode)
    for (const { episode } of actors) drawGoal(on, picture, goalAt(episode.goal, time), episode.world.goal.radius)
    if (!picture.whole) return
    layer.globalAlpha = AHEAD_OPACITY
    for (const actor of actors) drawTrail(on, picture, actor, 0, actor.episode.length)
    layer.globalAlpha = 1
  }

  function draw(picture: MapPicture, time: number): void {
    if (size === 0) return
    drawLayer(picture, time)
    clear(context)
    context.drawImage(layer.canvas, 0, 0)
    const on = ground(context, picture)
    const { actors, colours } = picture
    const alone = actors.length === 1
    if (actors[0] !== undefined) drawVases(on, picture, actors[0].episode, alone ? time : 0)
    for (const actor of actors) {
      const { episode, role } = actor
      const pose = robotAt(episode.robot, time)
      if (!alone) drawVases(on, picture, episode, Math.min(time, episode.length), colours.series[role])
      drawTrailTip(on, picture, actor, time, pose)
      if (picture.lidar) drawLidar(on, picture, episode, time, pose)
      drawFlash(on, picture, pose, flashAt(episode.costParts, ANY_PART, time, FLASH_STEPS))
      drawRobot(on, picture, pose, alone ? colours.robot : colours.series[role])
    }
  }

  return {
    resize(newSize, newRatio) {
      size = newSize
      ratio = newRatio
      const pixels = Math.round(size * ratio)
      for (const { canvas: each } of [context, layer]) each.width = each.height = pixels
      shown = null
    },
    draw,
  }
}

function clear(context: CanvasRenderingContext2D): void {
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, context.canvas.width, context.canvas.height)
}
