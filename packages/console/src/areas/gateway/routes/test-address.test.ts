import { expect, test } from 'vitest'
import { readTestAddress } from './test-address.ts'

test.each([
  ['/orders/7?page=2', { host: null, path: '/orders/7' }],
  [' orders ', { host: null, path: '/orders' }],
  ['https://API.example.com:8443/orders#top', { host: 'api.example.com', path: '/orders' }],
  ['http://api.example.com', { host: 'api.example.com', path: '/' }],
  ['/a/../b', { host: null, path: '/a/../b' }],
])('%s is read as the gateway would get it', (typed, read) => {
  expect(readTestAddress(typed)).toEqual(read)
})
