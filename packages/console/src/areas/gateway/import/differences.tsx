import type { Applied, Difference } from '@holdfast/contracts/gateway/apply'
import { plural } from '../../../lib/format.ts'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Section } from '../../../ui/page.tsx'

const actionWords: Record<Difference['action'], { label: string; tone: Tone }> = {
  create: { label: 'New', tone: 'ok' },
  update: { label: 'Changed', tone: 'warn' },
  delete: { label: 'Deleted', tone: 'bad' },
}
const kindWords: Record<Difference['kind'], string> = {
  service: 'Service',
  route: 'Route',
  consumer: 'Consumer',
  settings: 'Settings',
}

interface DifferencesProps {
  applied: Applied
  busy: boolean
  onApply: () => void
}

/** What a document would change, one line each, and the button that does it. */
export function Differences({
  applied: { differences, warnings, revision },
  busy,
  onApply,
}: DifferencesProps) {
  const isSame = differences.length === 0
  return (
    <Section
      title="What would change"
      description={`Compared with revision ${revision}. Nothing has been changed yet.`}
      action={
        !isSame && (
          <Button kind="primary" busy={busy} onClick={onApply}>
            Make {plural(differences.length, 'change')}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-3">
        {warnings.length > 0 && (
          <Notice tone="warn" title="Not everything can be taken over exactly">
            <ul className="list-disc pl-4">
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </Notice>
        )}
        {isSame ? (
          <p className="text-sm text-ink-muted">Nothing: everything in the document is there already.</p>
        ) : (
          <ul aria-label="Differences" className="flex flex-col divide-y divide-line text-sm">
            {differences.map(({ action, kind, name, fields }) => (
              <li key={`${kind} ${name}`} className="flex flex-wrap items-center gap-2 py-1.5">
                <Badge tone={actionWords[action].tone}>{actionWords[action].label}</Badge>
                <span className="text-ink-muted">{kindWords[kind]}</span>
                <span className="min-w-0 font-mono text-xs break-all">{name}</span>
                {action === 'update' && <span className="text-ink-subtle">{fields.join(', ')}</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}
