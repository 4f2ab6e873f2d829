import { usePageSettings } from '../lib/page-settings.ts'

/** The product's sign and the name of this installation. */
export function Mark() {
  const { appName } = usePageSettings()
  return (
    <span className="flex min-w-0 items-center gap-2 text-base font-semibold tracking-tight text-ink">
      <svg aria-hidden viewBox="0 0 32 32" className="size-5 shrink-0">
        <rect width="32" height="32" rx="7" className="fill-accent" />
        <path
          d="M10 8v16M22 8v16M10 16h12"
          fill="none"
          className="stroke-on-accent"
          strokeWidth="3.5"
          strokeLinecap="round"
        />
      </svg>
      <span className="truncate">{appName}</span>
    </span>
  )
}
