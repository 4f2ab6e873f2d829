import { createServer } from 'node:net'

/** Takes what the gateway ships and forgets it: `node sink-main.ts PORT`. */
createServer((socket) => socket.on('error', () => socket.destroy()).resume()).listen(
  Number(process.argv[2]),
  '127.0.0.1',
)
