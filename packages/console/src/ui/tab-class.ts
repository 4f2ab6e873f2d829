import { classNames } from '../lib/class-names.ts'

/** The look of a tab, whether it switches a part of the page or is a link. */
export const tabClass = classNames(
  'relative inline-flex h-9 items-center gap-1.5 px-0.5 text-sm whitespace-nowrap text-ink-muted transition-colors hover:text-ink',
  'aria-selected:text-ink aria-selected:font-medium aria-[current=page]:font-medium aria-[current=page]:text-ink',
  'after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 after:rounded-full',
  'aria-selected:after:bg-accent aria-[current=page]:after:bg-accent',
)
