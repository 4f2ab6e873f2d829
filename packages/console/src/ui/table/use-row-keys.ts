import { type KeyboardEvent, useState } from 'react'

export interface RowKeys {
  activeIndex: number
  setActiveIndex: (index: number) => void
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
}

export interface RowKeysOptions {
  count: number
  onOpen?: ((index: number) => void) | undefined
  onToggle?: ((index: number) => void) | undefined
  /** Brings a row on screen and gives it the focus; the row may not be rendered yet. */
  onMove: (index: number) => void
}

const isTyping = (target: EventTarget) =>
  target instanceof HTMLElement &&
  target.closest('input, textarea, select, [contenteditable="true"]') !== null

/** j and k (or the arrows) walk the rows, Enter opens one, x selects it, Home and End go to the ends. */
export function useRowKeys({ count, onOpen, onToggle, onMove }: RowKeysOptions): RowKeys {
  const [activeIndex, setActiveIndex] = useState(0)

  const moveTo = (index: number) => {
    const bounded = Math.max(0, Math.min(count - 1, index))
    setActiveIndex(bounded)
    onMove(bounded)
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || count === 0 || isTyping(event.target)) return
    const onRow = event.target instanceof HTMLElement && event.target.dataset['row'] !== undefined
    const actions: Record<string, (() => void) | undefined> = {
      j: () => moveTo(activeIndex + 1),
      k: () => moveTo(activeIndex - 1),
      ArrowDown: () => moveTo(activeIndex + 1),
      ArrowUp: () => moveTo(activeIndex - 1),
      Home: () => moveTo(0),
      End: () => moveTo(count - 1),
      // Enter and x on a button or link inside the row belong to that button.
      Enter: onRow && onOpen ? () => onOpen(activeIndex) : undefined,
      x: onToggle && (() => onToggle(activeIndex)),
    }
    const action = actions[event.key]
    if (!action) return
    event.preventDefault()
    action()
  }

  return { activeIndex: Math.min(activeIndex, Math.max(0, count - 1)), setActiveIndex, onKeyDown }
}
