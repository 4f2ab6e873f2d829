import { Download, KeyRound } from 'lucide-react'
import { download } from '../lib/copy.ts'
import { Button } from './button.tsx'
import { CopyButton } from './code-block.tsx'

export interface SecretOnceProps {
  /** What it is: "Set-password link for Ada". */
  label: string
  secret: string
  /** The name of the file that Download writes. */
  fileName: string
  /** How long it is good for and where to put it. */
  hint?: string
}

/** A secret that the server keeps only as a hash. It is shown now and never again, and says so. */
export function SecretOnce({ label, secret, fileName, hint }: SecretOnceProps) {
  return (
    <section aria-label={label} className="rounded-md border border-line-strong bg-sunken p-3">
      <div className="flex items-center gap-2 text-sm font-medium">
        <KeyRound aria-hidden className="size-4 text-warn-ink" />
        {label}
      </div>
      <p className="mt-1 text-xs text-ink-muted">
        Copy it now: it is not stored in a readable form and cannot be shown again. {hint}
      </p>
      <code className="mt-2 block rounded-sm bg-surface px-2 py-1.5 font-mono text-xs break-all select-all">
        {secret}
      </code>
      <div className="mt-2 flex items-center gap-2">
        <CopyButton text={secret} label="Copy secret" />
        <Button kind="quiet" size="small" icon={Download} onClick={() => download(fileName, `${secret}\n`)}>
          Download
        </Button>
      </div>
    </section>
  )
}
