import { classNames } from '../lib/class-names.ts'

/** The surface of every menu, list and popover. */
export const popupClass = classNames(
  'popup-motion rounded-md bg-raised text-ink shadow-popup outline-hidden',
  'max-w-(--available-width)',
)

/** One line in a menu or a list of options. */
export const listItemClass = classNames(
  'flex min-h-8 cursor-default items-center gap-2 rounded-sm px-2 py-1 text-sm outline-hidden select-none',
  'data-highlighted:bg-hover data-disabled:text-ink-subtle pointer-coarse:min-h-10',
)

/** The small heading above a part of a menu or list. */
export const groupLabelClass = 'px-2 pt-2 pb-1 text-xs font-medium text-ink-subtle'
