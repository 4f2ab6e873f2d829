import { Link } from '@tanstack/react-router'
import { useDocumentTitle } from '../lib/document-title.ts'
import { buttonClass } from '../ui/button.tsx'

/** There is nothing at this address. */
export function NotFoundPage() {
  useDocumentTitle('Not found')
  return (
    <main className="mx-auto flex max-w-110 flex-col items-start gap-3 p-6 pt-[16vh]">
      <h1 className="text-xl font-semibold">There is no page here</h1>
      <p className="text-ink-muted">
        The address may have a typing error, or what it showed has been deleted. Ctrl K (⌘ K) finds pages and
        things by name.
      </p>
      <Link to="/" className={buttonClass('primary')}>
        Go home
      </Link>
    </main>
  )
}
