import type { LucideIcon } from 'lucide-react'

/** A page as the rail and the palette list it. */
export interface AreaPage {
  to: string
  label: string
  icon: LucideIcon
  /** What can be done there, in a few words. */
  summary: string
  /** Other words somebody may search by. */
  keywords?: readonly string[]
  /** Shown only to who holds one of these; absent, to everybody. */
  permissions?: readonly string[]
}

/** An action in the palette: "Create user". */
export interface AreaAction {
  label: string
  to: string
  icon: LucideIcon
  permissions?: readonly string[]
}

/** A number that matters at a glance, with the page that it comes from. */
export interface AreaTile {
  label: string
  value: number
  to: string
}

/** One entry of the rail. An area without a page that the person may see is not shown. */
export interface Area {
  id: string
  label: string
  icon: LucideIcon
  pages: readonly AreaPage[]
  actions?: readonly AreaAction[]
  /** What the home page counts of this area, for somebody with these permissions. */
  tiles?: (permissions: readonly string[], signal: AbortSignal) => Promise<AreaTile[]>
  /** Looks for things of this area by name; asked only when its pages are visible to the person. */
  find?: (text: string, signal: AbortSignal) => Promise<FoundThing[]>
}

/** Something with a name that the palette found. */
export interface FoundThing {
  to: string
  label: string
  icon: LucideIcon
  note: string
}
