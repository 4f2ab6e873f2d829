import type { CronRun } from '@holdfast/contracts/builder/automations/cron'
import { classNames } from '../../../lib/class-names.ts'
import { plural } from '../../../lib/format.ts'

type Output = Pick<CronRun, 'console' | 'consoleDropped' | 'error'>

const tones: Partial<Record<Output['console'][number]['level'], string>> = {
  warn: 'text-warn-ink',
  error: 'text-bad-ink',
  debug: 'text-ink-subtle',
}

/** What code wrote to its console, and why it failed when it did. */
export function ConsoleLines({ console: lines, consoleDropped, error }: Output) {
  if (lines.length === 0 && error === null)
    return <p className="text-xs text-ink-subtle">Nothing was written to the console.</p>
  return (
    <div className="overflow-x-auto rounded-md bg-sunken p-3 font-mono text-xs leading-5">
      {lines.map((line, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines never move
        <div key={index} className={classNames('whitespace-pre-wrap', tones[line.level])}>
          {line.text}
        </div>
      ))}
      {consoleDropped > 0 && (
        <div className="text-ink-subtle">{plural(consoleDropped, 'more line')} not kept.</div>
      )}
      {error && (
        <div className="whitespace-pre-wrap text-bad-ink">
          {error.message}
          {error.stack !== '' && `\n${error.stack}`}
        </div>
      )}
    </div>
  )
}
