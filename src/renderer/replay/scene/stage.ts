// The one WebGL context that draws every 3D picture of a screen: browsers allow only a few of them. Each picture is
// rendered here and handed over to a canvas of its own, without a copy.
import { PCFSoftShadowMap, PerspectiveCamera, Vector3, WebGLRenderer, type Scene } from 'three'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'

export type CameraMode = 'orbit' | 'follow' | 'above'

export interface Stage {
  readonly camera: PerspectiveCamera
  /** Renders the scene for a canvas of that many device pixels. */
  render(scene: Scene, target: ImageBitmapRenderingContext, width: number, height: number): void
  /** Lets the pointer turn the camera over an element; returns what ends that. */
  orbit(element: HTMLElement, onChange: () => void): () => void
  /** Behind a robot, looking where it is heading. */
  follow(x: number, y: number, yaw: number): void
  /** To where a mode begins. */
  reset(mode: CameraMode, reach: number): void
  dispose(): void
}

/** The renderer does its work on the processor: no graphics card, or none that may be used. */
export interface StageFacts {
  readonly software: boolean
}

/** @throws Error where there is no WebGL */
export function createStage(): Stage & StageFacts {
  const canvas = new OffscreenCanvas(1, 1)
  const renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: 'low-power' })
  const software = isSoftware(renderer.getContext())
  // Shadows are a second rendering of everything.
  renderer.shadowMap.enabled = !software
  renderer.shadowMap.type = PCFSoftShadowMap
  const camera = new PerspectiveCamera(40, 1, 0.05, 60)
  camera.up.set(0, 0, 1)
  const target = new Vector3()

  return {
    camera,
    software,
    render(scene, context, width, height) {
      if (width === 0 || height === 0) return
      if (canvas.width !== width || canvas.height !== height) renderer.setSize(width, height, false)
      camera.aspect = width / height
      camera.updateProjectionMatrix()
      renderer.render(scene, camera)
      context.transferFromImageBitmap(canvas.transferToImageBitmap())
    },
    orbit(element, onChange) {
      const controls = new OrbitControls(camera, element)
      controls.target = target
      controls.maxPolarAngle = Math.PI / 2 - 0.03
      controls.minDistance = 0.5
      controls.maxDistance = 20
      controls.addEventListener('change', onChange)
      return () => controls.dispose()
    },
    follow(x, y, yaw) {
      camera.position.set(x - 1.1 * Math.cos(yaw), y - 1.1 * Math.sin(yaw), 0.75)
      target.set(x + 0.35 * Math.cos(yaw), y + 0.35 * Math.sin(yaw), 0.05)
      camera.lookAt(target)
    },
    reset(mode, reach) {
      target.set(0, 0, 0)
      // From above, a hair off the vertical: there the direction of up would be undefined.
      if (mode === 'above') camera.position.set(0, -0.01, 2.95 * reach)
      else camera.position.set(0, -2.3 * reach, 1.9 * reach)
      camera.lookAt(target)
    },
    dispose() {
      renderer.dispose()
      renderer.forceContextLoss()
    },
  }
}

function isSoftware(gl: WebGLRenderingContext | WebGL2RenderingContext): boolean {
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  const name: unknown = gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER)
  return /swiftshader|llvmpipe|software|basic render/i.test(String(name))
}
