import { Command } from 'commander'
import { demo } from './commands/demo.ts'
import { dev } from './commands/dev.ts'
import { type ApplyFileOptions, applyFile } from './commands/gateway-apply.ts'

/** The `holdfast` command. `start` and the operator commands run in the server package; see bin/holdfast.mjs. */
const program = new Command('holdfast').description(
  'A self-hosted control plane: API builder, gateway, network and fleet.',
)

program.command('start').description('Run the server on this machine')
program.command('reset-link <login>').description('Print a one-time link that sets a new password')
program.command('doctor').description('Look at everything that a server needs, and say what is wrong')
program
  .command('backup')
  .description('Back up the database into a file, and prove it: --out FILE, --age RECIPIENT')
program.command('restore <file>').description('Put a backup into the database: --key FILE, --replace')
program.command('audit verify <files...>').description('Verify an exported audit trail, without a server')
program.command('dev').description('Run the server and the console, restarting on every change').action(dev)
program.command('demo').description('Run a filled system; sign in as admin / Admin123!').action(demo)

const gateway = program.command('gateway').description('Run a gateway, or configure one')
gateway
  .command('apply <file>')
  .description(
    'Make the gateway configuration of a tenant what a YAML or JSON file says; shows the differences first',
  )
  .option('--server <url>', 'the control plane', process.env.HOLDFAST_SERVER ?? 'http://127.0.0.1:3000')
  .option('--token <token>', 'a bearer token; default: HOLDFAST_TOKEN', process.env.HOLDFAST_TOKEN ?? '')
  .option('--tenant <id>', 'the organization; default: your own')
  .option('--yes', 'apply the differences', false)
  .action(async (file: string, options: Omit<ApplyFileOptions, 'file'>) => {
    const { text, exitCode } = await applyFile({ ...options, file })
    const stream = exitCode === 1 ? process.stderr : process.stdout
    stream.write(text)
    process.exitCode = exitCode
  })

await program.parseAsync()
