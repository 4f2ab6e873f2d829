import { emptyMap, type PersistentMap } from './persistent-map.ts'
import { type RequestPath, readPath } from './path.ts'
import { parsePattern, type PathMatch } from './pattern.ts'
import { emptyTrie, findEntry, type TrieEntry, type TrieNode, withEntry } from './trie.ts'

/**
 * Which route answers a request: what gateways ask for every request, and what the console asks to explain it. Pure, so
 * that both give the same answer.
 */
export type RouteTries<E extends TrieEntry> = PersistentMap<TrieNode<E>>

/** The key of the routes that answer for any host. */
export const anyHost = ''

/** The route for a request; one that names the host is better than any without. */
export function findRoute<E extends TrieEntry>(
  tries: RouteTries<E>,
  method: string,
  host: string | null,
  path: RequestPath,
): E | null {
  const general = tries.get(anyHost)
  // One trie that is not for any host names a host; more than one, and some do. The usual tenant names none.
  if (host !== null && (general === undefined || tries.size > 1)) {
    const named = tries.get(host)
    const found = named === undefined ? null : findEntry(named, path, method)
    if (found !== null) return found
  }
  return general === undefined ? null : findEntry(general, path, method)
}

/** Lower wins among routes that take the same requests: the older one. */
export function routeRank({ createdAt, id }: { createdAt: string; id: string }): string {
  return `${createdAt} ${id}`
}

export interface MatchableRoute {
  id: string
  method: string
  pathPattern: string
  pathMatch: PathMatch
  host: string | null
  createdAt: string
}

/** `refused` when the gateway turns such a path away before it looks at routes; null when no route takes it. */
export type RouteMatch<R> = { route: R } | 'refused' | null

/** Takes routes that are in force; answers a function that says which of them takes a request. */
export function createRouteMatcher<R extends MatchableRoute>(
  routes: readonly R[],
): (method: string, host: string | null, path: string) => RouteMatch<R> {
  const edit = emptyMap<TrieNode<TrieEntry & { route: R }>>().edit()
  for (const route of routes) {
    const host = route.host ?? anyHost
    const entry = { id: route.id, method: route.method, rank: routeRank(route), route }
    edit.set(host, withEntry(edit.get(host) ?? emptyTrie(), parsePattern(route), entry))
  }
  const tries = edit.done()
  return (method, host, path) => {
    const segments = readPath(path)
    if (segments === null) return 'refused'
    const found = findRoute(tries, method, host, segments)
    return found === null ? null : { route: found.route }
  }
}
