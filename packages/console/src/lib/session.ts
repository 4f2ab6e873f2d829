import { queryOptions, useQuery } from '@tanstack/react-query'
import { fetchMe, fetchSetupStatus, type Me, type SetupStatus } from '../areas/identity/api.ts'
import { statusOf } from './problem-text.ts'
import { queryClient } from './query.ts'

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['session', 'me'],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await fetchMe()
    } catch (thrown) {
      if (statusOf(thrown) === 401) return null
      throw thrown
    }
  },
  staleTime: 60_000,
})

/** Whether the installation has been set up, and where the first-run wizard stands. */
export const setupQuery = queryOptions({
  queryKey: ['setup', 'status'],
  queryFn: (): Promise<SetupStatus> => fetchSetupStatus(),
  staleTime: Number.POSITIVE_INFINITY,
})

/** The person signed in. For pages inside the shell, which is only rendered for one. */
export function useMe(): Me | undefined {
  return useQuery(meQuery).data ?? undefined
}

/** Whether the person holds any of these permissions. The server decides; this only spares a useless button. */
export function useMay(...permissions: readonly string[]): boolean {
  const me = useMe()
  return me !== undefined && permissions.some((permission) => me.permissions.includes(permission))
}

/** Forgets everything that was read as the person who has just left. */
export function forgetSession(): void {
  queryClient.clear()
}
