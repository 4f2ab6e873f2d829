import Fastify from 'fastify'

/** The limit: what Fastify answers when it has nothing to do. */
const app = Fastify()
app.get('/hello', async () => ({ hello: 'world' }))
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })
