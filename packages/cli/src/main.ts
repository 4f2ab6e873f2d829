import { Command } from 'commander'
import { demo } from './commands/demo.ts'
import { dev } from './commands/dev.ts'

/** The `holdfast` command. `start` and the operator commands run in the server package; see bin/holdfast.mjs. */
const program = new Command('holdfast').description(
  'A self-hosted control plane: API builder, gateway, network and fleet.',
)

program.command('start').description('Run the server on this machine')
program.command('reset-link <login>').description('Print a one-time link that sets a new password')
program.command('audit verify <files...>').description('Verify an exported audit trail, without a server')
program.command('dev').description('Run the server and the console, restarting on every change').action(dev)
program.command('demo').description('Run a filled system; sign in as admin / Admin123!').action(demo)

await program.parseAsync()
