import { createClient } from '@holdfast/contracts/kit/client'
import { startTestServer, type TestServer } from './harness.ts'
import { createTestUser, signInOverHttp, testPassword } from './people.ts'
import { startRoundRobin } from './round-robin.ts'

/** So many servers on one database, behind a balancer that gives each request to the next: to its clients, one server. */
export async function startTestReplicas(
  count: number,
  environment: Record<string, string> = {},
): Promise<TestServer> {
  const first = await startTestServer(environment)
  const others = await Promise.all(Array.from({ length: count - 1 }, () => first.replica()))
  const servers = [first, ...others]
  const { url, stop: stopBalancer } = await startRoundRobin(servers)
  return {
    ...first,
    url,
    anonymous: createClient({ baseUrl: url }),
    as: (who) => createTestUser(first.identity, url, who),
    signIn: (login, password = testPassword) => signInOverHttp(url, login, password),
    async caughtUp() {
      await Promise.all(servers.map((server) => server.caughtUp()))
    },
    async stop() {
      await stopBalancer()
      await Promise.all(others.map((server) => server.stop()))
      await first.stop()
    },
  }
}
