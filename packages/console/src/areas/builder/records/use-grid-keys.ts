import { type KeyboardEvent, type RefObject, useState } from 'react'

export interface CellPlace {
  row: number
  /** 0 is the box that selects the row, 1 its id; the fields follow. */
  column: number
}

export interface GridKeysOptions {
  root: RefObject<HTMLElement | null>
  rows: number
  columns: number
  onMove: (place: CellPlace) => void
  onEnter: (place: CellPlace) => void
  onOpen: (row: number) => void
  onToggle: (row: number) => void
}

export interface GridKeys {
  place: CellPlace
  setPlace: (place: CellPlace) => void
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  /** Brings the focus back to a cell after something inside it had it. */
  focus: (place: CellPlace) => void
}

const pageRows = 10

/**
 * Moves through the cells of a grid as the ARIA Authoring Practices describe (arrows, Home, End, Page Up and Down), with
 * j, k and x as in every list. Enter or F2 changes the cell, o opens the row.
 */
export function useGridKeys(options: GridKeysOptions): GridKeys {
  const { rows, columns, root } = options
  const [place, setPlace] = useState<CellPlace>({ row: 0, column: 1 })
  const at = { row: Math.min(place.row, Math.max(0, rows - 1)), column: Math.min(place.column, columns - 1) }

  const focus = (next: CellPlace) =>
    requestAnimationFrame(() =>
      root.current
        ?.querySelector<HTMLElement>(`[data-cell="${next.row}:${next.column}"]`)
        ?.focus({ preventScroll: false }),
    )

  const moveTo = (row: number, column: number) => {
    const next = {
      row: Math.max(0, Math.min(rows - 1, row)),
      column: Math.max(0, Math.min(columns - 1, column)),
    }
    setPlace(next)
    options.onMove(next)
    focus(next)
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const onCell = event.target instanceof HTMLElement && event.target.dataset['cell'] !== undefined
    if (!onCell || rows === 0 || event.ctrlKey || event.metaKey || event.altKey) return
    const { row, column } = at
    const actions: Record<string, () => void> = {
      ArrowDown: () => moveTo(row + 1, column),
      ArrowUp: () => moveTo(row - 1, column),
      j: () => moveTo(row + 1, column),
      k: () => moveTo(row - 1, column),
      ArrowRight: () => moveTo(row, column + 1),
      ArrowLeft: () => moveTo(row, column - 1),
      Home: () => moveTo(row, 0),
      End: () => moveTo(row, columns - 1),
      PageDown: () => moveTo(row + pageRows, column),
      PageUp: () => moveTo(row - pageRows, column),
      Enter: () => options.onEnter(at),
      F2: () => options.onEnter(at),
      o: () => options.onOpen(row),
      x: () => options.onToggle(row),
      ' ': () => options.onToggle(row),
    }
    const action = actions[event.key]
    if (!action) return
    event.preventDefault()
    action()
  }

  return { place: at, setPlace, onKeyDown, focus }
}
