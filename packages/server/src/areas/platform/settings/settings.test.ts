import {
  durationMs,
  SettingsChange,
  settingCatalogue,
  settingDefaults,
  settingNames,
} from '@holdfast/contracts/platform/settings'
import { silentLogger } from '@holdfast/kernel/logger'
import { createServiceHarness } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createEventsRepo } from '../../../work/events/repo.ts'
import { createEvents } from '../../../work/events/service.ts'
import { createAuditRepo } from '../audit/repo.ts'
import { createAuditLog } from '../audit/service.ts'
import { createSettingsRepo } from './repo.ts'
import { settingsInForce } from './rules.ts'
import { createSettings } from './service.ts'

async function createHarness() {
  const harness = await createServiceHarness()
  const { database, clock, ids } = harness
  const audit = createAuditLog({ repo: createAuditRepo(database), database, clock, ids })
  const events = createEvents({ repo: createEventsRepo(database), clock, ids })
  async function serve() {
    const settings = createSettings({
      repo: createSettingsRepo(database),
      database,
      audit,
      events,
      clock,
      logger: silentLogger,
    })
    await settings.part.start?.()
    onTestFinished(() => settings.part.stop?.())
    return settings
  }
  const traces = async () => ({
    audit: (await database.kysely.selectFrom('audit_entries').select('details').execute()).map(
      ({ details }) => details,
    ),
    events: (await database.kysely.selectFrom('events').select('data').execute()).map(({ data }) => data),
  })
  return { ...harness, serve, traces }
}

describe('settings', () => {
  it('start with their defaults, each of which its own schema accepts', async () => {
    const { serve } = await createHarness()
    expect((await serve()).current()).toEqual(settingDefaults)
    for (const name of settingNames) {
      expect([name, settingCatalogue[name].schema.safeParse(settingDefaults[name]).success]).toEqual([
        name,
        true,
      ])
    }
  })

  it('a change holds at once where it was made, and on the other servers as soon as they hear of it', async () => {
    const { serve, as, traces } = await createHarness()
    const here = await serve()
    const there = await serve()
    await here.update(as('manage_api'), { usersPerPage: 33, appName: 'Ours' })
    expect(here.current()).toMatchObject({ usersPerPage: 33, appName: 'Ours' })
    await until(() => there.current().usersPerPage === 33, { timeoutMs: 1_000 })
    const changes = [
      { name: 'appName', from: 'Holdfast', to: 'Ours' },
      { name: 'usersPerPage', from: 20, to: 33 },
    ]
    expect(await traces()).toEqual({ audit: [{ changes }], events: [{ names: ['appName', 'usersPerPage'] }] })
  })

  it('a server that starts later has them too', async () => {
    const { serve, as } = await createHarness()
    await (await serve()).update(as(), { logRetentionDays: 7 })
    expect((await serve()).current().logRetentionDays).toBe(7)
  })

  it('saying the same again changes nothing, and says so in the audit', async () => {
    const { serve, as, traces } = await createHarness()
    await (await serve()).update(as(), { appName: 'Holdfast', version: 'whatever' })
    expect(await traces()).toEqual({ audit: [{ changes: [] }], events: [] })
  })

  it('a stored value that is not valid any more gives way to the default', () => {
    const { values, refused } = settingsInForce(
      new Map<string, unknown>([
        ['usersPerPage', 'many'],
        ['gone', 1],
        ['appName', 'Ours'],
      ]),
    )
    expect(values).toEqual({ ...settingDefaults, appName: 'Ours' })
    expect(refused).toEqual(['usersPerPage'])
  })

  it.each([
    [{ usersPerPage: 4 }],
    [{ usersPerPage: 20.5 }],
    [{ rateLimitMax: 0 }],
    [{ jwtExpiresIn: '15' }],
    [{ jwtExpiresIn: '30d' }],
    [{ defaultTheme: 'pink' }],
    [{ enableRegistration: 'yes' }],
    [{ unheardOf: 1 }],
  ])('%j is refused', (change) => {
    expect(SettingsChange.safeParse(change).success).toBe(false)
  })

  it('durations are read in their unit', () => {
    expect([durationMs('90s'), durationMs('15m'), durationMs('12h'), durationMs('7d')]).toEqual([
      90_000, 900_000, 43_200_000, 604_800_000,
    ])
    expect(() => durationMs('soon')).toThrow('not a duration')
  })
})
