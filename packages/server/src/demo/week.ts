import type { NewActivity } from '../areas/platform/activity/rules.ts'

export interface PastEntry {
  atMs: number
  entry: NewActivity
}

interface Example {
  endpoints: readonly { id: string; method: string; path: string }[]
  users: readonly { id: string; login: string }[]
}

const hourMs = 3_600_000
const hours = 7 * 24
const callsPerBusyHour = 60
/** A bad hour, so that the charts of errors show something: this many hours before the end. */
const badHour = 51

/** A week of a small shop up to `nowMs`, oldest first: busy by day, quiet at night and at the weekend, mostly good. */
export function* pastWeek(nowMs: number, { endpoints, users }: Example): Generator<PastEntry> {
  const reads = endpoints.filter(({ method }) => method === 'GET')
  const writes = endpoints.filter(({ method }) => method === 'POST')
  let step = 0
  const chance = () => noise((step += 1))
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(chance() * list.length)]

  function call(ago: number): NewActivity | null {
    const endpoint = pick(chance() < 0.85 ? reads : writes)
    if (endpoint === undefined) return null
    const hasFailed = chance() < (ago === badHour ? 0.3 : 0.02)
    const statusCode = hasFailed
      ? (pick([400, 401, 404, 422]) ?? 400)
      : endpoint.method === 'POST'
        ? 201
        : 200
    const isService = chance() < 0.25
    return {
      action: hasFailed ? 'error' : 'api_call',
      message: `${endpoint.method} ${endpoint.path} ${statusCode}`,
      endpointId: endpoint.id,
      statusCode,
      responseTimeMs: Math.round((0.8 + 6 * chance() ** 3) * 100) / 100,
      ip: `203.0.113.${1 + Math.floor(chance() * 40)}`,
      userAgent: isService ? 'Warehouse' : 'Mobile app',
      source: isService ? 'api_key' : 'direct',
    }
  }

  for (let ago = hours; ago > 0; ago -= 1) {
    const fromMs = nowMs - ago * hourMs
    const busy = busyness(new Date(fromMs))
    const entries: NewActivity[] = []
    const calls = Math.round(callsPerBusyHour * busy * (0.75 + chance() / 2))
    for (let count = 0; count < calls; count += 1) {
      const entry = call(ago)
      if (entry !== null) entries.push(entry)
    }
    const user = pick(users)
    if (user !== undefined && chance() < busy * 0.7)
      entries.push({
        action: 'login',
        message: `${user.login} signed in`,
        userId: user.id,
        statusCode: 200,
        ip: '203.0.113.7',
        userAgent: 'Browser',
      })
    for (const [index, entry] of entries.entries())
      yield { atMs: fromMs + Math.floor((index * hourMs) / entries.length), entry }
  }
}

/** From 0.1 in the night to 1 at the middle of a working day. */
function busyness(at: Date): number {
  const ofDay = Math.max(0, Math.sin(((at.getUTCHours() - 6) / 14) * Math.PI))
  const isWeekend = at.getUTCDay() % 6 === 0
  return 0.1 + ofDay * (isWeekend ? 0.4 : 0.9)
}

/** From 0 to 1, scattered, the same for the same step: every demo looks the same. */
function noise(step: number): number {
  const mixed = Math.imul(step ^ (step >>> 15), 0x2c1b3c6d)
  const again = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39)
  return ((again ^ (again >>> 15)) >>> 0) / 4_294_967_296
}
