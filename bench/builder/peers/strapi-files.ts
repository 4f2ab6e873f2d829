/** A Strapi application with one public collection, `products`, of the same fields as the product's benchmark. */
const api = 'src/api/product'
const rights = '{ find: { auth: false }, findOne: { auth: false }, create: { auth: false } }'

export const strapiFiles: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: 'bench-strapi',
    private: true,
    dependencies: {
      '@strapi/strapi': '5.54.0',
      pg: '^8.0.0',
      react: '^18.3.1',
      'react-dom': '^18.3.1',
      'react-router-dom': '^6.30.0',
      'styled-components': '^6.1.0',
    },
    strapi: { uuid: 'bench' },
  }),
  'config/database.js': `module.exports = ({ env }) => ({ connection: { client: 'postgres', pool: { min: 2, max: 10 },
  connection: { host: env('PGHOST'), port: env.int('PGPORT'), user: env('PGUSER'), database: env('PGDATABASE') } } })`,
  'config/server.js': `module.exports = ({ env }) => ({ host: '127.0.0.1', port: env.int('PORT'), app: { keys: ['one', 'two'] } })`,
  'config/admin.js': `module.exports = () => ({ serveAdminPanel: false, auth: { secret: 'bench' }, apiToken: { salt: 'bench' },
  transfer: { token: { salt: 'bench' } } })`,
  'config/middlewares.js': `module.exports = ['errors', 'security', 'cors', 'query', 'body', 'favicon', 'public'].map((name) => 'strapi::' + name)`,
  'src/index.js': 'module.exports = { register() {}, bootstrap() {} }',
  'public/uploads/.gitkeep': '',
  [`${api}/content-types/product/schema.json`]: JSON.stringify({
    kind: 'collectionType',
    collectionName: 'products',
    info: { singularName: 'product', pluralName: 'products', displayName: 'Product' },
    options: { draftAndPublish: false },
    attributes: {
      title: { type: 'string', required: true },
      price: { type: 'decimal' },
      description: { type: 'text' },
      tags: { type: 'json' },
      stock: { type: 'json' },
      available: { type: 'boolean' },
    },
  }),
  [`${api}/controllers/product.js`]: factory('createCoreController'),
  [`${api}/services/product.js`]: factory('createCoreService'),
  [`${api}/routes/product.js`]: factory('createCoreRouter', `, { config: ${rights} }`),
}

function factory(name: string, more = ''): string {
  return `module.exports = require('@strapi/strapi').factories.${name}('api::product.product'${more})`
}
