import { Check, Copy } from 'lucide-react'
import { classNames } from '../lib/class-names.ts'
import { useCopy } from '../lib/copy.ts'
import { notifyProblem } from './toast.ts'

/** A button that copies and says so; also for ids and keys beside their value. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const { copied, copy } = useCopy()
  const Icon = copied ? Check : Copy
  return (
    <button
      type="button"
      onClick={() => {
        copy(text).catch(notifyProblem)
      }}
      className="inline-flex h-6 items-center gap-1 rounded-sm px-1.5 text-xs text-ink-muted hover:bg-hover hover:text-ink"
    >
      <Icon aria-hidden className="size-3.5" />
      <span aria-live="polite">{copied ? 'Copied' : label}</span>
    </button>
  )
}

export interface CodeBlockProps {
  code: string
  /** What it is, above the code: a language or a file name. */
  title?: string
  wrap?: boolean
  className?: string
}

/** Code to read and to copy. For code to edit there is `CodeEditor`. */
export function CodeBlock({ code, title, wrap, className }: CodeBlockProps) {
  return (
    <figure className={classNames('overflow-hidden rounded-md border border-line bg-sunken', className)}>
      <figcaption className="flex h-8 items-center justify-between border-b border-line pr-1 pl-3 text-xs text-ink-subtle">
        <span className="truncate">{title}</span>
        <CopyButton text={code} />
      </figcaption>
      <pre
        // Scrollable, so it has to be reachable by keyboard.
        tabIndex={0}
        className={classNames(
          'max-h-96 overflow-auto p-3 font-mono text-xs leading-5',
          wrap && 'break-words whitespace-pre-wrap',
        )}
      >
        {code}
      </pre>
    </figure>
  )
}
