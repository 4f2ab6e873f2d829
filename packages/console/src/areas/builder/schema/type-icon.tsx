import type { FieldType } from '@holdfast/contracts/builder/fields'
import {
  Braces,
  Brackets,
  CalendarClock,
  FileJson2,
  Hash,
  Link2,
  type LucideIcon,
  ToggleLeft,
  Type,
} from 'lucide-react'

const icons: Record<FieldType, LucideIcon> = {
  string: Type,
  number: Hash,
  boolean: ToggleLeft,
  datetime: CalendarClock,
  object: Braces,
  array: Brackets,
  json: FileJson2,
  reference: Link2,
}

/** One icon per field type, the same in the schema, in the grid's head and in pickers. */
export function TypeIcon({ type }: { type: FieldType }) {
  const Icon = icons[type]
  return <Icon aria-hidden className="size-3.5 shrink-0 text-ink-subtle" />
}
