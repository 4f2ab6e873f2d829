import { serverSettings } from '@holdfast/server/config'
import { code, pageHead, table } from './markdown.ts'

/** What the operating system sets for every program; read, but not for people to change. */
const fromTheSystem = ['PATH', 'HOME', 'XDG_DATA_HOME']

/** The operator's page about the environment. */
export function configurePage(): string {
  const all = Object.entries(serverSettings)
  const rows = (chosen: typeof all) =>
    table(
      ['Variable', 'What it does', 'Without it'],
      chosen.map(([name, setting]) => [code(name), setting.describe, shown(setting.parse(undefined))]),
    )
  return [
    pageHead('Configure', '`packages/server/src/config.ts`'),
    'The server reads its environment once, when it starts. If something is wrong there it says everything that is wrong, and does',
    'not start. What can be changed while it runs is in the [settings](../reference/settings.md) of the console.',
    '',
    rows(all.filter(([name]) => !fromTheSystem.includes(name))),
    'A service reads them from `/etc/holdfast/holdfast.env`, one `NAME=value` in a line; a container from `deploy/compose.yaml`.',
    '',
    '## From the system',
    '',
    rows(all.filter(([name]) => fromTheSystem.includes(name))),
  ].join('\n')
}

function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? code(String(value)) : '–'
}
