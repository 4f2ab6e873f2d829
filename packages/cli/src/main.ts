import { Command } from 'commander'
import { demo } from './commands/demo.ts'
import { dev } from './commands/dev.ts'
import { type ApplyFileOptions, applyFile } from './commands/gateway-apply.ts'
import {
  type ApplyProjectOptions,
  applyProject,
  type CommandOutcome,
  type ExportProjectOptions,
  exportToFile,
} from './commands/project-file.ts'

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
program.command('rewrap').description('Put every stored secret under the first master key')
program.command('audit verify <files...>').description('Verify an exported audit trail, without a server')
program.command('dev').description('Run the server and the console, restarting on every change').action(dev)
program.command('demo').description('Run a filled system; sign in as admin / Admin123!').action(demo)

/** Options that every command has which speaks to a running server. */
function reaching(command: Command): Command {
  return command
    .option('--server <url>', 'the control plane', process.env.HOLDFAST_SERVER ?? 'http://127.0.0.1:3000')
    .option('--token <token>', 'a bearer token; default: HOLDFAST_TOKEN', process.env.HOLDFAST_TOKEN ?? '')
}

function finish({ text, exitCode }: CommandOutcome): void {
  const stream = exitCode === 1 ? process.stderr : process.stdout
  stream.write(text)
  process.exitCode = exitCode
}

reaching(program.command('apply <file>'))
  .description('Make what is defined on a server what a bundle in a file says; shows the differences first')
  .option('--replace', 'delete what a list of the file does not name', false)
  .option('--confirm', 'go on although records lose values or are deleted', false)
  .option('--yes', 'apply the differences', false)
  .action(async (file: string, options: Omit<ApplyProjectOptions, 'file'>) => {
    finish(await applyProject({ ...options, file }))
  })
reaching(program.command('export [file]'))
  .description('Write what is defined on a server as a bundle: .json, .yaml or .ndjson')
  .option('--data', 'with the records', false)
  .option('--settings', 'with the platform settings', false)
  .action(async (file: string | undefined, options: Omit<ExportProjectOptions, 'file'>) => {
    finish(await exportToFile({ ...options, file }))
  })

const gateway = program.command('gateway').description('Run a gateway, or configure one')
reaching(gateway.command('apply <file>'))
  .description(
    'Make the gateway configuration of a tenant what a YAML or JSON file says; shows the differences first',
  )
  .option('--tenant <id>', 'the organization; default: your own')
  .option('--yes', 'apply the differences', false)
  .action(async (file: string, options: Omit<ApplyFileOptions, 'file'>) => {
    finish(await applyFile({ ...options, file }))
  })

await program.parseAsync()
