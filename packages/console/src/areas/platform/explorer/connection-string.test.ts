import { expect, it } from 'vitest'
import { connectionString } from './connection-string.ts'

const access = { host: 'db.example.com', port: 5432, database: 'shop', role: 'shop_reader' }

it.each([
  [{}, null, 'postgresql://shop_reader@db.example.com:5432/shop'],
  [{}, 'a/b@c', 'postgresql://shop_reader:a%2Fb%40c@db.example.com:5432/shop'],
  [{ host: '::1' }, null, 'postgresql://shop_reader@[::1]:5432/shop'],
  [{ database: 'my shop' }, null, 'postgresql://shop_reader@db.example.com:5432/my%20shop'],
  [
    { host: '/srv/data/run', port: 5433 },
    null,
    'postgresql://shop_reader@/shop?host=%2Fsrv%2Fdata%2Frun&port=5433',
  ],
])('a connection string says where and who, and is one piece: %j, %s', (change, password, expected) => {
  expect(connectionString({ ...access, ...change }, password)).toBe(expected)
})
