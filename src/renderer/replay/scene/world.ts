// An episode in three dimensions: what stands still, and what moves. World and scene have the same axes: z is up.
import {
  AmbientLight,
  BoxGeometry,
  BufferAttribute,
  BufferGeometry,
  Color,
  CylinderGeometry,
  DirectionalLight,
  DoubleSide,
  EdgesGeometry,
  Group,
  LineBasicMaterial,
  LineLoop,
  LineSegments,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  PlaneGeometry,
  Scene,
  SphereGeometry,
  TorusGeometry,
  type Material,
} from 'three'
import { CostPart } from '../../../core/env/environment.ts'
import { VASE_HALF_SIZE } from '../../../core/env/mjcf.ts'
import { vaseCount } from '../../../core/episode/episode.ts'
import { goalAt, robotAt, vaseAt } from '../../../core/episode/pose.ts'
import { flashAt } from '../../../core/episode/timeline.ts'
import type { Actor } from '../actors.ts'
import type { MapColours } from '../map/colours.ts'

/** Radius of the robot's sphere and height of its centre; half edge and place of its arrow (mjcf.ts), metres. */
const ROBOT = { radius: 0.1, height: 0.1, arrowHalf: 0.05, arrowAhead: 0.1 } as const
/** Flat things lie above each other, so that none flickers through another. */
const HEIGHTS = { hazard: 0.002, goal: 0.004, trail: 0.012 } as const
const FLASH_STEPS = 12

export interface WorldPicture {
  readonly actors: readonly Actor[]
  readonly reach: number
  readonly colours: MapColours
  readonly shadows: boolean
}

export interface World3d {
  readonly scene: Scene
  /** Puts everything where it is at `time`. */
  pose(time: number): void
  dispose(): void
}

export function createWorld3d(picture: WorldPicture): World3d {
  const { actors, colours, shadows } = picture
  const scene = new Scene()
  // Darker than the floor, which ends.
  scene.background = new Color(colours.paper).lerp(new Color(colours.line), 0.6)
  scene.add(...lights(picture))
  const first = actors[0]
  if (first === undefined) return { scene, pose: () => {}, dispose: () => {} }
  scene.add(floor(picture), ...hazards(first, colours))
  const moving = actors.map((actor) => createMoving(actor, picture))
  scene.add(...moving.map(({ group }) => group))
  if (shadows)
    scene.traverse((object) => {
      object.castShadow = object.receiveShadow = true
    })
  return {
    scene,
    pose: (time) => moving.forEach((one) => one.pose(time)),
    dispose() {
      scene.traverse((object) => {
        const { geometry, material } = object as Partial<Mesh>
        geometry?.dispose()
        for (const one of [material ?? []].flat() as Material[]) one.dispose()
        if (object instanceof DirectionalLight) object.dispose()
      })
    },
  }
}

function lights({ reach, shadows }: WorldPicture) {
  // Together they give level ground its own colour: 1.9 / pi from all sides, 1.5 / pi times the sine of the sun's height.
  const sun = new DirectionalLight('#ffffff', 1.5)
  sun.position.set(1.2, -1.6, 3)
  sun.castShadow = shadows
  Object.assign(sun.shadow.camera, { left: -reach, right: reach, top: reach, bottom: -reach, near: 0.1, far: 10 })
  return [new AmbientLight('#ffffff', 1.9), sun]
}

function floor({ reach, colours }: WorldPicture): Mesh {
  const colour = new Color(colours.floor)
  return new Mesh(new PlaneGeometry(2 * reach, 2 * reach), new MeshLambertMaterial({ color: colour }))
}

function hazards({ episode: { world, layout } }: Actor, colours: MapColours): Group[] {
  const places = [...layout.hazards]
  return world.objects.flatMap((set) =>
    set.kind !== 'hazard'
      ? []
      : places.splice(0, set.count).map(({ x, y }) => {
          const group = disc(set.radius, set.constrained ? colours.hazard : colours.floor, colours['hazard-line'])
          group.position.set(x, y, HEIGHTS.hazard)
          return group
        }),
  )
}

/** A flat disc with its edge, about the origin. */
function disc(radius: number, fill: string, edge: string): Group {
  const plate = new Mesh(new CylinderGeometry(radius, radius, 0.004, 40), new MeshLambertMaterial({ color: fill }))
  plate.rotation.x = Math.PI / 2
  const points = Array.from({ length: 48 }, (_, i) => (i / 48) * 2 * Math.PI).flatMap((angle) => [
    radius * Math.cos(angle),
    radius * Math.sin(angle),
    0.004,
  ])
  const outline = new BufferGeometry().setAttribute('position', new BufferAttribute(Float32Array.from(points), 3))
  return new Group().add(plate, new LineLoop(outline, new LineBasicMaterial({ color: edge })))
}

/** Robot, goal, vases and trail of one episode. */
function createMoving(actor: Actor, { actors, colours }: WorldPicture): { group: Group; pose(time: number): void } {
  const { episode, role } = actor
  const alone = actors.length === 1
  const group = new Group()
  const own = colours.series[role]

  const goal = disc(episode.world.goal.radius, colours.goal, colours['goal-line'])
  goal.add(beacon(episode.world.goal.radius, colours['goal-line']))
  const robot = alone ? robotBody(colours.robot, own) : robotBody(own, colours.robot)
  const flash = ring(colours.cost)
  const trail = createTrail(actor, own, colours.cost)
  // Of several episodes on one floor only the first shows its vases: they would stand in each other.
  const vases = Array.from({ length: actor === actors[0] ? vaseCount(episode) : 0 }, () => vaseBody(colours))
  group.add(goal, robot, flash, trail.mesh, ...vases)

  return {
    group,
    pose(time) {
      const at = robotAt(episode.robot, time)
      robot.position.set(at.x, at.y, ROBOT.height)
      robot.rotation.z = at.yaw
      const { x, y } = goalAt(episode.goal, time)
      goal.position.set(x, y, HEIGHTS.goal)
      vases.forEach((vase, i) => {
        const pose = vaseAt(episode.vases, vases.length, i, time)
        vase.position.set(pose.x, pose.y, pose.z)
        vase.quaternion.set(pose.i, pose.j, pose.k, pose.w)
      })
      const parts = CostPart.hazard | CostPart.vaseContact | CostPart.vaseVelocity
      const strength = flashAt(episode.costParts, parts, time, FLASH_STEPS)
      flash.visible = strength > 0
      flash.material.opacity = strength
      flash.scale.setScalar(1.4 + 0.8 * (1 - strength))
      flash.position.set(at.x, at.y, 0.03)
      trail.show(time)
    },
  }
}

function robotBody(colour: string, arrowColour: string): Group {
  const material = new MeshLambertMaterial({ color: colour })
  const arrow = new Mesh(new BoxGeometry(1, 1, 1), new MeshLambertMaterial({ color: arrowColour }))
  arrow.scale.setScalar(2 * ROBOT.arrowHalf)
  arrow.position.x = ROBOT.arrowAhead
  return new Group().add(new Mesh(new SphereGeometry(ROBOT.radius, 28, 18), material), arrow)
}

function vaseBody(colours: MapColours): Mesh {
  const edge = 2 * VASE_HALF_SIZE
  const geometry = new BoxGeometry(edge, edge, edge)
  const body = new Mesh(geometry, new MeshLambertMaterial({ color: colours.vase }))
  body.add(new LineSegments(new EdgesGeometry(geometry), new LineBasicMaterial({ color: colours['vase-line'] })))
  return body
}

/** Tells the goal from afar. */
function beacon(radius: number, colour: string): Mesh {
  const material = new MeshBasicMaterial({
    color: colour,
    transparent: true,
    opacity: 0.16,
    side: DoubleSide,
    depthWrite: false,
  })
  const column = new Mesh(new CylinderGeometry(radius, radius, 0.3, 40, 1, true), material)
  column.rotation.x = Math.PI / 2
  column.position.z = 0.15
  return column
}

function ring(colour: string): Mesh<TorusGeometry, MeshBasicMaterial> {
  return new Mesh(new TorusGeometry(0.13, 0.012, 8, 40), new MeshBasicMaterial({ color: colour, transparent: true }))
}

/** A ribbon on the floor, of which as much is drawn as was walked; wider where it costs. */
function createTrail({ episode }: Actor, colour: string, costColour: string) {
  const { robot, costs, length } = episode
  const positions = new Float32Array(length * 4 * 3)
  const shades = new Float32Array(length * 4 * 3)
  const indices = new Uint32Array(length * 6)
  const plain = new Color(colour)
  const costly = new Color(costColour)
  for (let step = 0; step < length; step++) {
    const [x0, y0, x1, y1] = [robot[3 * step]!, robot[3 * step + 1]!, robot[3 * step + 3]!, robot[3 * step + 4]!]
    const costsHere = costs[step]! !== 0
    const half = costsHere ? 0.024 : 0.012
    const long = Math.hypot(x1 - x0, y1 - y0) || 1
    const [nx, ny] = [(-(y1 - y0) / long) * half, ((x1 - x0) / long) * half]
    const z = HEIGHTS.trail + (costsHere ? 0.002 : 0)
    positions.set([x0 + nx, y0 + ny, z, x0 - nx, y0 - ny, z, x1 + nx, y1 + ny, z, x1 - nx, y1 - ny, z], step * 12)
    for (let corner = 0; corner < 4; corner++) (costsHere ? costly : plain).toArray(shades, step * 12 + corner * 3)
    indices.set(
      [0, 1, 2, 2, 1, 3].map((corner) => 4 * step + corner),
      step * 6,
    )
  }
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(positions, 3))
  geometry.setAttribute('color', new BufferAttribute(shades, 3))
  geometry.setIndex(new BufferAttribute(indices, 1))
  const mesh = new Mesh(geometry, new MeshBasicMaterial({ vertexColors: true, side: DoubleSide }))
  mesh.frustumCulled = false
  return { mesh, show: (time: number) => geometry.setDrawRange(0, 6 * Math.min(Math.floor(time), length)) }
}
