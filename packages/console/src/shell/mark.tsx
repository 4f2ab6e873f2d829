/** The product's sign and name. */
export function Mark() {
  return (
    <span className="flex items-center gap-2 text-base font-semibold tracking-tight text-ink">
      <svg aria-hidden viewBox="0 0 32 32" className="size-5">
        <rect width="32" height="32" rx="7" className="fill-accent" />
        <path
          d="M10 8v16M22 8v16M10 16h12"
          fill="none"
          className="stroke-on-accent"
          strokeWidth="3.5"
          strokeLinecap="round"
        />
      </svg>
      Holdfast
    </span>
  )
}
