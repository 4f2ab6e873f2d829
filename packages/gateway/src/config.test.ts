import { ConfigError } from '@holdfast/kernel/config'
import { describe, expect, it } from 'vitest'
import { readGatewayConfig } from './config.ts'

const needed = ['--server', 'https://holdfast.example.com/base', '--key', 'hfg_test']

describe('the settings of a gateway', () => {
  it('have defaults for all but the control plane and the key', () => {
    const config = readGatewayConfig(needed, { XDG_DATA_HOME: '/data' })
    expect(config).toMatchObject({
      apiKey: 'hfg_test',
      host: '0.0.0.0',
      port: 8080,
      adminHost: '127.0.0.1',
      adminPort: undefined,
      threads: undefined,
      publicMetrics: false,
      trustedProxies: 0,
    })
    expect(config.serverUrl.href).toBe('https://holdfast.example.com/base')
  })

  it('come from the environment, and an option wins over it', () => {
    const environment = {
      HOLDFAST_GATEWAY_SERVER: 'http://localhost:3000',
      HOLDFAST_GATEWAY_KEY: 'hfg_other',
      HOLDFAST_GATEWAY_PORT: '1',
      HOLDFAST_GATEWAY_ADMIN_PORT: 'off',
      HOLDFAST_GATEWAY_PUBLIC_METRICS: 'yes',
      HOLDFAST_TRUSTED_PROXIES: '2',
      HOLDFAST_DATA: '/data',
    }
    expect(readGatewayConfig([...needed, '--port', '81', '--threads', '3'], environment)).toMatchObject({
      apiKey: 'hfg_test',
      port: 81,
      adminPort: 'off',
      threads: 3,
      publicMetrics: true,
      trustedProxies: 2,
      dataDirectory: '/data',
    })
    expect(readGatewayConfig(['--admin-port', '9000'], environment)).toMatchObject({
      apiKey: 'hfg_other',
      adminPort: 9000,
    })
  })

  it.each([
    [[], ['--server is missing', '--key is missing']],
    [
      [...needed, '--port', '70000', '--threads', '0'],
      ['HOLDFAST_GATEWAY_PORT', 'HOLDFAST_GATEWAY_THREADS'],
    ],
    [[...needed, '--server', 'ftp://example.com'], ['HOLDFAST_GATEWAY_SERVER']],
    [[...needed, '--admin-port', 'none'], ['HOLDFAST_GATEWAY_ADMIN_PORT']],
    [[...needed, '--prot', '81'], ['--prot']],
  ])('%j are refused, all mistakes at once', (args, mistakes) => {
    const read = () => readGatewayConfig(args, {})
    expect(read).toThrow(ConfigError)
    for (const mistake of mistakes) expect(read).toThrow(mistake)
  })
})
