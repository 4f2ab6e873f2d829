import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { RouteConfig, ServiceConfig, TenantSettings } from '@holdfast/contracts/gateway/config'
import { systemClock } from '@holdfast/kernel/clock'
import { createIds } from '@holdfast/kernel/id'
import { silentLogger } from '@holdfast/kernel/logger'
import { onTestFinished } from 'vitest'
import {
  createDataPlane,
  type DataPlane,
  type DataPlaneChange,
  type DataPlaneOptions,
  type EventBatch,
  type Upsert,
} from '../data-plane.ts'

const ids = createIds(systemClock)

export function routeOf(serviceId: string, values: Partial<RouteConfig> = {}): Upsert {
  const id = values.id ?? ids.uuid()
  const entity: RouteConfig = {
    id,
    method: 'ANY',
    pathPattern: '/',
    pathMatch: 'prefix',
    host: null,
    serviceId,
    authRequired: false,
    rateLimitOverride: null,
    stripPrefix: false,
    timeoutMs: null,
    bodySizeBytesMax: null,
    retries: 0,
    cors: null,
    addresses: null,
    requestHeaders: null,
    responseHeaders: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    ...values,
  }
  return { kind: 'route', id, entity }
}

export function serviceOf(url: string, values: Partial<ServiceConfig> = {}): Upsert & { kind: 'service' } {
  const id = values.id ?? ids.uuid()
  const entity: ServiceConfig = {
    id,
    name: 'test',
    targets: [{ url, weight: 1 }],
    healthCheckPath: '/health',
    timeoutMs: 5_000,
    circuitBreaker: null,
    ...values,
  }
  return { kind: 'service', id, entity }
}

export function consumerOf(key: string, tier: 'free' | 'authenticated' | 'premium' | 'unlimited'): Upsert {
  const id = ids.uuid()
  const keyHash = createHash('sha256').update(key).digest('hex')
  return { kind: 'consumer', id, entity: { id, name: key, keyHash, rateLimitTier: tier } }
}

export function settingsOf(values: Partial<TenantSettings> = {}): Upsert {
  const id = ids.uuid()
  const tiers = { free: 10, authenticated: 100, premium: 1_000, unlimited: null }
  const entity: TenantSettings = {
    id,
    tiers,
    anonymousPerMinute: null,
    bodySizeBytesMax: 1_000_000,
    addresses: null,
    ...values,
  }
  return { kind: 'settings', id, entity }
}

let lastRevision = 0
export function changeOf(upserts: Upsert[], values: Partial<DataPlaneChange> = {}): DataPlaneChange {
  lastRevision += 1
  return { revision: lastRevision, replaceAll: false, removals: [], upserts, ...values }
}

export interface TestPlane {
  plane: DataPlane
  port: number
  url: string
  batches: EventBatch[]
}

/** A data plane on a free port with these entities in force; it stops with the test. */
export async function startPlane(
  upserts: Upsert[],
  options: Partial<DataPlaneOptions> = {},
): Promise<TestPlane> {
  const plane = createDataPlane({
    host: '127.0.0.1',
    port: 0,
    threads: 1,
    clock: systemClock,
    logger: silentLogger,
    trustedProxies: 0,
    ...options,
  })
  onTestFinished(() => plane.stop())
  const batches: EventBatch[] = []
  plane.onEvents((batch) => void batches.push(batch))
  if (upserts.length > 0) await plane.apply(changeOf(upserts, { replaceAll: true }))
  await plane.start()
  return { plane, port: plane.port(), url: `http://127.0.0.1:${plane.port()}`, batches }
}

/** A service that speaks HTTP; it stops with the test. */
export async function startService(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createHttpServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

/** A service that says exactly what the test says. */
export async function startRawService(onConnection: (socket: Socket) => void): Promise<{ url: string }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    // Peers that reset are part of these tests.
    socket.on('error', () => socket.destroy())
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** Answers each request on each connection with these bytes. */
export function startScriptedService(answer: string): Promise<{ url: string }> {
  return startRawService((socket) => socket.on('data', () => socket.write(answer, 'latin1')))
}

export interface RawClient {
  socket: Socket
  send(text: string): void
  /** What has come so far. */
  received(): string
  /** Resolves when what has come matches; rejects when the connection ends before. */
  until(pattern: RegExp): Promise<string>
  ended: Promise<string>
}

/** A client that says exactly what the test says. */
export function connectRaw(port: number): RawClient {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let text = ''
  const watchers = new Set<() => void>()
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
    for (const watcher of watchers) watcher()
  })
  // A reset ends the connection as well; `ended` says what had come until then.
  socket.on('error', () => socket.destroy())
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(text)))
  return {
    socket,
    send: (bytes) => void socket.write(bytes, 'latin1'),
    received: () => text,
    until(pattern) {
      return new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(text)) resolve(text)
        }
        watchers.add(look)
        void ended.then(() => reject(new Error(`The connection ended after: ${text}`)))
        look()
      })
    },
    ended,
  }
}
