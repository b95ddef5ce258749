import { Option } from 'commander'
import { worlds, type World, type WorldName } from '../../core/env/world.ts'
import { didYouMean } from '../../core/text/near-miss.ts'
import { InvalidRequest } from '../services/invalid-request.ts'

const names = Object.keys(worlds)

export const worldOption = () => new Option('--env <world>', `one of ${names.join(', ')}`).makeOptionMandatory()

export function worldByName(name: string): World {
  if (!Object.hasOwn(worlds, name))
    throw new InvalidRequest(
      `There is no environment "${name}"; there are ${names.join(', ')}.${didYouMean(name, names)}`,
    )
  return worlds[name as WorldName]
}
