import { createServer } from 'node:http'

/** Takes deliveries, answers 200, and says at `/count` how many different ones it has had. */
const ids = new Set<string>()
createServer((request, response) => {
  if (request.url === '/count') {
    response.end(String(ids.size))
    return
  }
  request.resume()
  request.once('end', () => {
    ids.add(String(request.headers['webhook-id']))
    response.end()
  })
}).listen(Number(process.argv[2]), '127.0.0.1')
