import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, type PinnedProcess, startPinned, untilAnswer } from '../lib/processes.ts'

/** Everything that is started for the comparison: configurations are written, ports are taken, processes are pinned. */
export interface Proxy {
  name: string
  url: string
  process: PinnedProcess
  /** How many of its routes are asked, each with its consumer's key; without it one. */
  asked?: number
}

export interface Surroundings {
  directory: string
  upstreamUrl: string
  sinkPort: number
  serverCore: number
  loadCore: number
}

/** nginx's own places for temporary files are not ours to write to. */
function nginxBase(directory: string, name: string): string {
  const folder = join(directory, name)
  mkdirSync(folder)
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return [
    `keepalive_requests 100000000;`,
    ...kinds.map((kind) => `${kind}_temp_path ${join(folder, kind)};`),
  ].join('\n')
}

function startNginx(directory: string, name: string, core: number, http: string): PinnedProcess {
  const path = join(directory, `${name}.conf`)
  writeFileSync(
    path,
    `user root; worker_processes 1; daemon off; pid ${join(directory, `${name}.pid`)};
error_log ${join(directory, `${name}.error.log`)} crit;
events { worker_connections 8192; }
http { ${nginxBase(directory, name)}
${http} }`,
  )
  return startPinned(core, ['nginx', '-c', path])
}

/** What all proxies stand before: 200 with a few bytes, on the load's core. */
export async function startUpstream(directory: string, core: number): Promise<Proxy> {
  const port = await freePort()
  const server = `server { access_log off; listen 127.0.0.1:${port} backlog=8192;
    location / { default_type text/plain; return 200 "hello, world"; } }`
  return {
    name: 'upstream',
    url: `http://127.0.0.1:${port}`,
    process: startNginx(directory, 'upstream', core, server),
  }
}

/** nginx twice: passing on alone, and with a key map, a request limit and an access log. */
export async function startNginxProxies({
  directory,
  upstreamUrl,
  serverCore,
}: Surroundings): Promise<Proxy[]> {
  const [plain, duties] = [await freePort(), await freePort()]
  const pass = 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://service;'
  const http = `
upstream service { server ${new URL(upstreamUrl).host}; keepalive 1024; keepalive_requests 100000000; }
map $http_x_api_key $consumer { default ""; gw_bench_0 consumer-0; }
limit_req_zone $consumer zone=consumers:10m rate=1000000r/s;
server { listen 127.0.0.1:${plain} backlog=8192; access_log off; location / { ${pass} } }
server { listen 127.0.0.1:${duties} backlog=8192; access_log ${join(directory, 'access.log')};
  location / { if ($consumer = "") { return 401; } limit_req zone=consumers burst=1000000 nodelay;
    proxy_set_header X-Api-Key ""; ${pass} } }`
  const process = startNginx(directory, 'nginx', serverCore, http)
  return [
    { name: 'nginx, plain', url: `http://127.0.0.1:${plain}`, process },
    { name: 'nginx, same duties', url: `http://127.0.0.1:${duties}`, process },
  ]
}

export async function startCaddy({ directory, upstreamUrl, serverCore }: Surroundings): Promise<Proxy> {
  const port = await freePort()
  const path = join(directory, 'Caddyfile')
  writeFileSync(
    path,
    `{
  admin off
  auto_https off
  storage file_system ${join(directory, 'caddy')}
}
http://127.0.0.1:${port} {
  reverse_proxy ${new URL(upstreamUrl).host} {
    transport http {
      keepalive_idle_conns_per_host 1024
    }
  }
}`,
  )
  const words = ['caddy', 'run', '--config', path, '--adapter', 'caddyfile']
  const process = startPinned(serverCore, words, { GOMAXPROCS: '1', XDG_CONFIG_HOME: directory })
  return { name: 'Caddy, plain', url: `http://127.0.0.1:${port}`, process }
}

/** With a file of keys, a counter for each key that is asked for its limit, and a log line for each request (RFC 5424, UDP). */
export async function startHaproxy({
  directory,
  upstreamUrl,
  sinkPort,
  serverCore,
}: Surroundings): Promise<Proxy> {
  const port = await freePort()
  const path = join(directory, 'haproxy.cfg')
  const keys = join(directory, 'haproxy.keys')
  writeFileSync(keys, 'gw_bench_0\n')
  writeFileSync(
    path,
    `global
  nbthread 1
  maxconn 8192
  log 127.0.0.1:${sinkPort} format rfc5424 local0
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend front
  bind 127.0.0.1:${port}
  log global
  option httplog
  stick-table type string len 64 size 100k expire 60s store http_req_rate(60s)
  http-request deny deny_status 401 unless { req.hdr(x-api-key) -f ${keys} }
  http-request track-sc0 req.hdr(x-api-key)
  http-request deny deny_status 429 if { sc_http_req_rate(0) gt 1000000000 }
  default_backend service
backend service
  http-reuse always
  server one ${new URL(upstreamUrl).host}
`,
  )
  return {
    name: 'HAProxy, same duties',
    url: `http://127.0.0.1:${port}`,
    process: startPinned(serverCore, ['haproxy', '-f', path]),
  }
}

/** `modules`: where `fastify` and `@fastify/http-proxy` are installed. */
export async function startFastifyProxy(surroundings: Surroundings, modules: string): Promise<Proxy> {
  const port = await freePort()
  const { upstreamUrl, sinkPort, serverCore } = surroundings
  const words = [
    process.execPath,
    join(import.meta.dirname, 'fastify-proxy-main.ts'),
    String(port),
    upstreamUrl,
  ]
  return {
    name: '@fastify/http-proxy, same duties',
    url: `http://127.0.0.1:${port}`,
    process: startPinned(serverCore, [...words, String(sinkPort), modules]),
  }
}

/** The product, with so many routes and consumers. */
export async function startGateway(
  { directory, upstreamUrl, serverCore, loadCore }: Surroundings,
  count: number,
): Promise<Proxy> {
  const [port, controlPort] = [await freePort(), await freePort()]
  const controlPlane = startPinned(loadCore, [
    process.execPath,
    join(import.meta.dirname, 'control-plane-main.ts'),
    String(controlPort),
    upstreamUrl,
    String(count),
  ])
  await untilAnswer(`http://127.0.0.1:${controlPort}`, controlPlane)
  const main = join(import.meta.dirname, '../../packages/gateway/src/main.ts')
  const gateway = startPinned(serverCore, [process.execPath, main], {
    HOLDFAST_GATEWAY_SERVER: `http://127.0.0.1:${controlPort}`,
    HOLDFAST_GATEWAY_KEY: 'hfg_bench',
    HOLDFAST_GATEWAY_HOST: '127.0.0.1',
    HOLDFAST_GATEWAY_PORT: String(port),
    HOLDFAST_GATEWAY_ADMIN_PORT: '0',
    HOLDFAST_GATEWAY_THREADS: '1',
    HOLDFAST_DATA: join(directory, `gateway-${count}`),
    HOLDFAST_LOG_LEVEL: 'error',
  })
  return {
    name: count === 1 ? 'Holdfast' : `Holdfast, ${count.toLocaleString('en')} routes and consumers`,
    url: `http://127.0.0.1:${port}`,
    asked: count,
    process: {
      ...gateway,
      async stop() {
        await gateway.stop()
        await controlPlane.stop()
      },
    },
  }
}

export async function startSink(core: number): Promise<{ port: number; process: PinnedProcess }> {
  const port = await freePort()
  const words = [process.execPath, join(import.meta.dirname, 'sink-main.ts'), String(port)]
  return { port, process: startPinned(core, words) }
}
