import { Dialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import { Search, type LucideIcon } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import type { Area } from '../areas/area.ts'
import { classNames } from '../lib/class-names.ts'

export interface PaletteProps {
  areas: readonly Area[]
  onClose: () => void
}

const itemClass = classNames(
  'flex min-h-9 cursor-default items-center gap-2.5 rounded-sm px-2 text-sm select-none',
  'data-[selected=true]:bg-hover pointer-coarse:min-h-11',
)
const groupClass =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-subtle'

/** Ctrl/⌘ K: pages, actions, and things by their name, found by typing a part of it. */
export default function Palette({ areas, onClose }: PaletteProps) {
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const text = useDeferredValue(typed.trim())
  const things = useQuery({
    queryKey: ['palette', text],
    queryFn: async ({ signal }) =>
      (await Promise.all(areas.map((area) => area.find?.(text, signal) ?? Promise.resolve([])))).flat(),
    enabled: text.length >= 2,
  })

  const go = (to: string) => {
    onClose()
    void navigate({ to })
  }

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-overlay" />
        <Dialog.Popup className="fixed top-[12vh] left-1/2 z-40 w-140 max-w-[calc(100vw-24px)] -translate-x-1/2 overflow-hidden rounded-md bg-raised shadow-popup outline-hidden">
          <Dialog.Title className="sr-only">Search or jump to</Dialog.Title>
          <Command label="Search or jump to" loop>
            <div className="flex items-center gap-2 border-b border-line px-3">
              <Search aria-hidden className="size-4 text-ink-subtle" />
              <Command.Input
                value={typed}
                onValueChange={setTyped}
                placeholder="Pages, actions, people, groups"
                className="h-11 flex-1 bg-transparent text-base outline-none placeholder:text-ink-subtle pointer-coarse:text-lg"
              />
            </div>
            <Command.List className="max-h-[50vh] overflow-y-auto p-1">
              <Command.Empty className="px-3 py-6 text-center text-sm text-ink-subtle">
                {things.isFetching ? 'Searching' : 'Nothing has that name.'}
              </Command.Empty>
              {areas.map((area) => (
                <Command.Group key={area.id} heading={area.label} className={groupClass}>
                  {area.pages.map((page) => (
                    <Line key={page.to} {...page} words={page.keywords ?? []} onSelect={go} />
                  ))}
                  {area.actions?.map((action) => (
                    <Line key={action.to} {...action} words={[]} onSelect={go} />
                  ))}
                </Command.Group>
              ))}
              {things.data && things.data.length > 0 && (
                <Command.Group heading="By name" className={groupClass}>
                  {things.data.map((thing) => (
                    // The server has matched it already, perhaps by a field that is not shown.
                    <Line key={thing.to} {...thing} words={[text]} onSelect={go} />
                  ))}
                </Command.Group>
              )}
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

interface LineProps {
  to: string
  label: string
  icon: LucideIcon
  note?: string
  words: readonly string[]
  onSelect: (to: string) => void
}

function Line({ to, label, icon: Icon, note, words, onSelect }: LineProps) {
  return (
    <Command.Item
      value={`${label} ${to}`}
      keywords={[...words]}
      onSelect={() => onSelect(to)}
      className={itemClass}
    >
      <Icon aria-hidden className="size-4 text-ink-subtle" />
      <span className="min-w-0 truncate">{label}</span>
      {note && <span className="ml-auto truncate text-xs text-ink-subtle">{note}</span>}
    </Command.Item>
  )
}
