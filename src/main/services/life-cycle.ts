/** What services have in common: they start after those that they need, and stop before them. */

export interface Service {
  readonly name: string
  /** Names of the services that must have started before. */
  readonly needs?: readonly string[]
  start(): Promise<void>
  /** Safe in any state; a second call does nothing. */
  stop(): Promise<void>
}

export interface RunningServices {
  /** In the order in which they were started. */
  readonly names: readonly string[]
  /** Stops all, the last started first. A service that cannot be stopped does not keep the others running. */
  stop(): Promise<void>
}

/**
 * Starts services, each after those that it needs, else in the order given. Where one cannot start, those that have are
 * stopped again, and its error is the reason.
 */
export async function startServices(services: readonly Service[]): Promise<RunningServices> {
  const ordered = inDependencyOrder(services)
  const started: Service[] = []
  try {
    for (const service of ordered) {
      await service.start()
      started.push(service)
    }
  } catch (error) {
    const problems = await stopInReverse(started)
    if (problems.length === 0) throw error
    throw new AggregateError([error, ...problems], error instanceof Error ? error.message : String(error))
  }
  return {
    names: started.map(({ name }) => name),
    async stop() {
      const problems = await stopInReverse(started.splice(0))
      if (problems.length === 1) throw problems[0]
      if (problems.length > 1) throw new AggregateError(problems, 'Several services did not stop in order')
    },
  }
}

/** @returns the errors of those that did not stop in order */
async function stopInReverse(services: readonly Service[]): Promise<unknown[]> {
  const problems: unknown[] = []
  for (const service of services.toReversed())
    try {
      await service.stop()
    } catch (error) {
      problems.push(error)
    }
  return problems
}

function inDependencyOrder(services: readonly Service[]): Service[] {
  const byName = new Map(services.map((service) => [service.name, service]))
  if (byName.size < services.length) throw new Error('Two services have the same name')
  const ordered = new Set<Service>()
  const visit = (service: Service, above: readonly string[]) => {
    const { name, needs = [] } = service
    if (above.includes(name)) throw new Error(`Services need each other in a circle: ${[...above, name].join(' -> ')}`)
    for (const other of needs) {
      const needed = byName.get(other)
      if (!needed) throw new Error(`Service ${name} needs ${other}, which there is not`)
      if (!ordered.has(needed)) visit(needed, [...above, name])
    }
    ordered.add(service)
  }
  for (const service of services) if (!ordered.has(service)) visit(service, [])
  return [...ordered]
}
