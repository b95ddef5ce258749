import { os } from './implement.ts'

export const engines = os.engines.router({
  watch: os.engines.watch.handler(({ context, signal }) => context.engines.watch(signal)),
  measure: os.engines.measure.handler(({ context }) => context.engines.measure()),
  cancelMeasurement: os.engines.cancelMeasurement.handler(({ context }) => context.engines.cancelMeasurement()),
  install: os.engines.install.handler(({ context, input }) => context.engines.install(input.kind)),
  cancelInstallation: os.engines.cancelInstallation.handler(({ context }) => context.engines.cancelInstallation()),
})
