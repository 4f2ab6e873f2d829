import { Plus, Trash2 } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Input } from '../../../ui/input.tsx'

export interface Pair {
  name: string
  value: string
}

/** The pairs that have a name, as one object. */
export function pairsToRecord(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(
    pairs.filter((pair) => pair.name.trim() !== '').map((pair) => [pair.name.trim(), pair.value]),
  )
}

export interface PairsInputProps {
  label: string
  /** What one is called: "header". */
  one: string
  pairs: readonly Pair[]
  onChange: (pairs: Pair[]) => void
}

/** Names with values, as many as wanted. */
export function PairsInput({ label, one, pairs, onChange }: PairsInputProps) {
  const set = (index: number, changes: Partial<Pair>) =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...changes } : pair)))
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      <ul className="flex flex-col gap-1.5">
        {pairs.map((pair, index) => (
          <li key={index} className="flex items-center gap-1.5">
            <Input
              mono
              aria-label={`Name of ${one} ${index + 1}`}
              placeholder="name"
              value={pair.name}
              onChange={(event) => set(index, { name: event.target.value })}
            />
            <Input
              mono
              aria-label={`Value of ${one} ${index + 1}`}
              placeholder="value"
              value={pair.value}
              onChange={(event) => set(index, { value: event.target.value })}
            />
            <IconButton
              icon={Trash2}
              size="small"
              label={`Remove ${one} ${index + 1}`}
              onClick={() => onChange(pairs.filter((_, at) => at !== index))}
            />
          </li>
        ))}
      </ul>
      <Button
        kind="quiet"
        size="small"
        icon={Plus}
        className={pairs.length > 0 ? 'mt-1.5' : ''}
        onClick={() => onChange([...pairs, { name: '', value: '' }])}
      >
        Add {one}
      </Button>
    </fieldset>
  )
}
