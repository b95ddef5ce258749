import { watch } from 'vue'
import { connection } from '../api/client.ts'

/** Calls it whenever the machine can be asked again after it could not be. */
export function whenBackOnline(work: () => unknown): void {
  watch(
    () => connection.value.status,
    (status) => {
      if (status === 'online') void work()
    },
  )
}
