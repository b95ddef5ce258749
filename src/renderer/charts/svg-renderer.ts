// Loaded by whoever exports an SVG, and by nobody else.
import { SVGRenderer } from 'echarts/renderers'
import { use } from './echarts.ts'

use(SVGRenderer)
