import { pathSegments, type RouteShape } from '@holdfast/contracts/kit/route'

/** Answers the methods that the contract knows for a concrete path; empty when the path is unknown. */
export function createMethodFinder(routes: readonly RouteShape[]): (path: string) => string[] {
  const byLength = new Map<number, { segments: ReturnType<typeof pathSegments>; method: string }[]>()
  for (const route of routes) {
    const segments = pathSegments(route.path)
    const sameLength = byLength.get(segments.length) ?? []
    sameLength.push({ segments, method: route.method })
    byLength.set(segments.length, sameLength)
  }
  return (path) => {
    const asked = path.split('/').filter((segment) => segment !== '')
    const matching = (byLength.get(asked.length) ?? []).filter(({ segments }) =>
      segments.every((segment, index) => 'parameter' in segment || segment.literal === asked[index]),
    )
    return [...new Set(matching.map(({ method }) => method))]
  }
}
