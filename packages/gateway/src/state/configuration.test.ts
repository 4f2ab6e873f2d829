import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GatewayMessage } from '@holdfast/contracts/gateway/link'
import { createTestClock } from '@holdfast/kernel/clock'
import { silentLogger } from '@holdfast/kernel/logger'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { DataPlaneChange } from '../data-plane.ts'
import { createConfigStore } from './config-store.ts'
import { createConfiguration } from './configuration.ts'
import { type ConfigMessageLike, createModel, createRecordingDataPlane, idOf } from './fixtures.ts'

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-gateway-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

function createHarness(directory: string, dataPlane = createRecordingDataPlane()) {
  const clock = createTestClock()
  const sent: GatewayMessage[] = []
  const store = createConfigStore(directory, clock.now)
  const configuration = createConfiguration({
    dataPlane,
    store,
    send: (message) => sent.push(message),
    clock,
    logger: silentLogger,
  })
  const feed = async (...messages: ConfigMessageLike[]) => {
    for (const message of messages) configuration.receive(message)
    await configuration.settled()
  }
  return { clock, sent, configuration, dataPlane, feed, path: join(directory, 'configuration') }
}

const lastOf = (sent: readonly GatewayMessage[]) => sent.at(-1)

describe('configuration', () => {
  it('a revision is acknowledged after the data plane serves it and the disk holds it, not before', async () => {
    const directory = temporaryDirectory()
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const slow = createRecordingDataPlane()
    const { configuration, sent, path } = createHarness(directory, {
      ...slow,
      async apply(change) {
        await held
        await slow.apply(change)
      },
    })
    const model = createModel()
    model.change([{ number: 1, name: 'ada' }])
    configuration.linkOpened(1)
    for (const message of model.snapshot()) configuration.receive(message)
    expect(sent).toEqual([])
    release()
    await configuration.settled()
    expect(sent).toEqual([{ type: 'config.ack', payload: { version: 1, checksum: model.checksumAt(1) } }])
    expect(readFileSync(path, 'utf8')).toContain(idOf(1))
    expect(configuration.source()).toBe('live')
  })

  it('a gap, a wrong checksum and an entity that is not valid are refused by name, and the old one keeps serving', async () => {
    const model = createModel()
    model.change([{ number: 1, name: 'ada' }])
    const { configuration, dataPlane, sent, feed, clock } = createHarness(temporaryDirectory())
    configuration.linkOpened(1)
    await feed(...model.snapshot())
    const before = dataPlane.serving()
    const second = model.change([{ number: 2, name: 'grace' }])
    const third = model.change([{ number: 3, name: 'lin' }])
    const wrong = { ...second, checksum: third.checksum }
    const broken = { ...second, entries: [{ ...second.entries[0], text: '{}' }] } as typeof second
    const cases = [
      [third, 'Revision 3 came after 1.'],
      [wrong, 'The checksum of revision 2 does not match.'],
      [broken, 'The checksum of revision 2 does not match.'],
    ] as const
    for (const [change, reason] of cases) {
      await feed({ type: 'config.changes', payload: { changes: [change] } })
      clock.advance(60_000)
      expect(lastOf(sent)).toEqual({ type: 'config.resync', payload: { reason } })
      expect(dataPlane.serving()).toBe(before)
      expect(configuration.source()).toBe('cache')
      configuration.linkClosed()
      configuration.linkOpened(3)
    }
    await feed(...model.snapshot())
    expect(dataPlane.serving()).toEqual(model.at(3))
    expect(configuration.source()).toBe('live')
  })

  it('a set that cannot be compiled is asked for again after longer and longer pauses', async () => {
    const model = createModel()
    model.change([{ number: 1, name: 'ada' }])
    const { configuration, sent, feed, clock } = createHarness(temporaryDirectory(), {
      ...createRecordingDataPlane(),
      apply: () => Promise.reject(new Error('A pattern cannot be compiled.')),
    })
    configuration.linkOpened(1)
    const asked = async () => {
      await feed(...model.snapshot())
      return sent.length
    }
    expect(await asked()).toBe(1)
    expect(await asked()).toBe(1)
    clock.advance(1_000)
    expect(sent.length).toBe(2)
    expect(await asked()).toBe(2)
    clock.advance(1_000)
    expect(sent.length).toBe(2)
    clock.advance(1_000)
    expect(sent.length).toBe(3)
    expect(configuration.held()).toBeNull()
  })

  it('a late snapshot of an older revision does not bring a revoked key back; after a restore it is taken', async () => {
    const model = createModel()
    model.change([{ number: 1, name: 'ada' }])
    const old = model.snapshot()
    model.change([{ number: 1, name: null }])
    const { configuration, dataPlane, feed } = createHarness(temporaryDirectory())
    configuration.linkOpened(2)
    await feed(...model.snapshot(), ...old)
    expect(dataPlane.serving()).toEqual(new Map())
    configuration.linkClosed()
    configuration.linkOpened(1)
    await feed(...old)
    expect(dataPlane.serving()).toEqual(model.at(1))
  })

  it('keys alone reach the data plane without a new revision, and are saved', async () => {
    const directory = temporaryDirectory()
    const model = createModel()
    model.change([{ number: 1, name: 'ada' }])
    const changes: DataPlaneChange[] = []
    const recording = createRecordingDataPlane()
    const { configuration, feed } = createHarness(directory, {
      ...recording,
      async apply(change) {
        changes.push(change)
        await recording.apply(change)
      },
    })
    const keys = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'abc', kid: 'k1' }] }
    configuration.takeKeys(keys)
    await feed()
    expect(changes).toEqual([])
    configuration.linkOpened(1)
    await feed(...model.snapshot())
    expect(changes.at(-1)?.jwks).toEqual(keys)
    const rotated = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'def', kid: 'k2' }] }
    configuration.takeKeys(rotated)
    configuration.takeKeys(rotated)
    await configuration.settled()
    expect(changes.at(-1)).toMatchObject({ revision: 1, replaceAll: false, jwks: rotated })
    expect(changes.length).toBe(2)
    expect((await createConfigStore(directory, () => new Date()).load())?.jwks).toEqual(rotated)
  })

  it('keys that come while a snapshot is brought into force are brought into force after it', async () => {
    const model = createModel()
    model.change([{ number: 1, name: 'ada' }])
    const keys = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'abc', kid: 'k1' }] }
    const changes: DataPlaneChange[] = []
    const recording = createRecordingDataPlane()
    const { configuration, feed } = createHarness(temporaryDirectory(), {
      ...recording,
      async apply(change) {
        changes.push(change)
        configuration.takeKeys(keys)
        await recording.apply(change)
      },
    })
    configuration.linkOpened(1)
    await feed(...model.snapshot())
    expect(changes.map(({ jwks }) => jwks)).toEqual([undefined, keys])
  })
})

describe('configuration on disk', () => {
  async function written(changes: number) {
    const directory = temporaryDirectory()
    const model = createModel()
    const harness = createHarness(directory)
    harness.configuration.linkOpened(1)
    model.change([{ number: 0, name: 'first' }])
    await harness.feed(...model.snapshot())
    for (let number = 1; number <= changes; number += 1) {
      await harness.feed({
        type: 'config.changes',
        payload: { changes: [model.change([{ number, name: `c${number}` }])] },
      })
    }
    return { directory, model, path: harness.path }
  }

  it('is what the gateway starts with, only its owner can read it, and it grows with the change', async () => {
    const { directory, model, path } = await written(5)
    const next = createHarness(directory)
    await next.configuration.loadSaved()
    expect(next.dataPlane.serving()).toEqual(model.at(6))
    expect(next.configuration.held()).toEqual({ revision: 6, checksum: model.checksumAt(6) })
    expect(next.configuration.source()).toBe('cache')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8').split('\n').length - 1).toBe(6)
  })

  it('the change whose writing a crash cut short is left out, and writing goes on whole', async () => {
    const { directory, model, path } = await written(3)
    writeFileSync(path, readFileSync(path).subarray(0, -20))
    const next = createHarness(directory)
    await next.configuration.loadSaved()
    expect(next.dataPlane.serving()).toEqual(model.at(3))
    next.configuration.linkOpened(4)
    await next.feed(...model.since(next.configuration.held()))
    const last = createHarness(directory)
    await last.configuration.loadSaved()
    expect(last.dataPlane.serving()).toEqual(model.at(4))
  })

  it('any other damage is refused with a sentence; the file is neither used nor lost', async () => {
    const { directory, model, path } = await written(3)
    const whole = readFileSync(path, 'utf8')
    for (const [at, damaged] of [
      [100, whole.slice(0, 100) + (whole[100] === 'x' ? 'y' : 'x') + whole.slice(101)],
      [0, ''],
      [70, 'not a configuration\n'],
      [whole.length, whole.split('\n').toSpliced(1, 1).join('\n')],
    ] as const) {
      writeFileSync(path, damaged)
      const next = createHarness(directory)
      await next.configuration.loadSaved()
      expect([at, next.configuration.held(), next.dataPlane.applied]).toEqual([at, null, []])
      expect(next.configuration.diskProblem()).not.toBeNull()
      expect(readFileSync(path, 'utf8')).toBe(damaged)
    }
    const next = createHarness(directory)
    await next.configuration.loadSaved()
    next.configuration.linkOpened(4)
    await next.feed(...model.snapshot())
    expect(existsSync(`${path}.damaged`)).toBe(true)
    const last = createHarness(directory)
    await last.configuration.loadSaved()
    expect(last.dataPlane.serving()).toEqual(model.at(4))
  })
})

/** What may happen to a message on its way. */
const fate = fc.constantFrom('arrives', 'arrives', 'arrives', 'lost', 'twice', 'late', 'garbled', 'cut')
const step = fc.record({
  changes: fc.array(
    fc.record({ number: fc.nat(12), name: fc.option(fc.constantFrom('ada', 'grace', 'lin')) }),
    { minLength: 1, maxLength: 4 },
  ),
  fate,
})

describe('a link on which messages are lost, doubled, delayed, garbled and cut', () => {
  it('serves one true revision after another, never another set, and ends at the last one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, perPart) => {
          const directory = mkdtempSync(join(tmpdir(), 'holdfast-gateway-'))
          const model = createModel()
          const { configuration, dataPlane, sent, feed, clock } = createHarness(directory)
          const late: ConfigMessageLike[] = []
          const connect = async () => {
            configuration.linkOpened(model.revision())
            await feed(...model.since(configuration.held(), perPart))
          }
          await connect()
          for (const { changes, fate } of steps) {
            const known = sent.length
            const change = model.change(changes)
            const message: ConfigMessageLike = { type: 'config.changes', payload: { changes: [change] } }
            if (fate === 'arrives') await feed(message, ...late.splice(0))
            else if (fate === 'twice') await feed(message, message)
            else if (fate === 'late') late.push(message)
            else if (fate === 'garbled') await feed(garbled(message))
            else if (fate === 'cut') {
              const [first] = model.snapshot(perPart)
              if (first !== undefined) await feed(first)
              configuration.linkClosed()
              await connect()
            }
            clock.advance(60_000)
            // The control plane answers a plea with a whole, of which a part may be lost as well.
            if (sent.slice(known).some(({ type }) => type === 'config.resync')) {
              const parts = model.snapshot(perPart)
              await feed(...(fate === 'late' ? parts.toReversed() : parts))
            }
          }
          configuration.linkClosed()
          await connect()
          expect(dataPlane.serving()).toEqual(model.at(model.revision()))
          expect(configuration.held()).toEqual({
            revision: model.revision(),
            checksum: model.checksumAt(model.revision()),
          })
          for (const { revision, serving } of dataPlane.applied) expect(serving).toEqual(model.at(revision))
          const revisions = dataPlane.applied.map(({ revision }) => revision)
          expect(revisions).toEqual(revisions.toSorted((a, b) => a - b))
          const next = createHarness(directory)
          await next.configuration.loadSaved()
          expect(next.configuration.held()).toEqual(configuration.held())
          rmSync(directory, { recursive: true })
        },
      ),
      { numRuns: 60 },
    )
  })
})

function garbled(message: ConfigMessageLike): ConfigMessageLike {
  if (message.type === 'config.snapshot') return message
  const changes = message.payload.changes.map((change) => ({ ...change, entries: change.entries.slice(1) }))
  return { type: 'config.changes', payload: { changes } }
}
