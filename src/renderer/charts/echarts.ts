// What of ECharts the charts use. Only what is registered here is in the bundle.
import { CustomChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendPlainComponent, TitleComponent } from 'echarts/components'
import type { EChartsCoreOption } from 'echarts/core'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([CustomChart, LineChart, ScatterChart, GridComponent, LegendPlainComponent, TitleComponent, CanvasRenderer])

export { init, use }
export type ChartOption = EChartsCoreOption
