import { Copy, Ellipsis, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Button, type ButtonKind } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { Combobox, MultiCombobox } from '../ui/combobox.tsx'
import { Field, ToggleRow } from '../ui/field.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Input } from '../ui/input.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { Select } from '../ui/select.tsx'
import { Switch } from '../ui/switch.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Textarea } from '../ui/textarea.tsx'
import { Bytes, Count, Duration, ExactTime, RelativeTime } from '../ui/values.tsx'

const kinds: readonly ButtonKind[] = ['primary', 'secondary', 'quiet', 'danger']
const tones: readonly Tone[] = ['neutral', 'accent', 'ok', 'warn', 'bad', 'info']
const fruits = ['Apple', 'Banana', 'Cherry', 'Damson', 'Elderberry'].map((label) => ({
  value: label.toLowerCase(),
  label,
}))

export function ControlSamples() {
  const [fruit, setFruit] = useState<string | null>('apple')
  const [several, setSeveral] = useState(['banana', 'cherry'])
  const [tab, setTab] = useState<'one' | 'two'>('one')
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center gap-2">
        {kinds.map((kind) => (
          <Button key={kind} kind={kind}>
            {kind}
          </Button>
        ))}
        <Button kind="primary" busy>
          Saving
        </Button>
        <Button disabled>Disabled</Button>
        <Button size="small" icon={Copy}>
          Small
        </Button>
        <IconButton icon={Pencil} label="Edit" />
        <Menu trigger={<IconButton icon={Ellipsis} label="More" />}>
          <MenuItem icon={Pencil} shortcut="e" onSelect={() => undefined}>
            Edit
          </MenuItem>
          <MenuSeparator />
          <MenuItem icon={Trash2} danger onSelect={() => undefined}>
            Delete
          </MenuItem>
        </Menu>
        <Kbd keys="mod+k" />
      </div>
      <div className="flex flex-wrap gap-2">
        {tones.map((tone) => (
          <Badge key={tone} tone={tone} dot>
            {tone}
          </Badge>
        ))}
      </div>
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <Field label="Text" hint="What to write here.">
          <Input placeholder="products" />
        </Field>
        <Field label="With an error" error="Another endpoint has this path already.">
          <Input defaultValue="/api/products" mono />
        </Field>
        <Field label="Disabled" disabled>
          <Input defaultValue="Cannot be changed" />
        </Field>
        <Field label="Select">
          <Select options={fruits} value={fruit} onChange={setFruit} />
        </Field>
        <Field label="Combobox">
          <Combobox options={fruits} value={fruit} onChange={setFruit} />
        </Field>
        <Field label="Several" optional>
          <MultiCombobox options={fruits} value={several} onChange={setSeveral} />
        </Field>
        <Field label="Password">
          <Input type="password" defaultValue="correct horse" />
        </Field>
        <Field label="Several lines">
          <Textarea defaultValue="One line, and room for more." />
        </Field>
        <div className="flex flex-col gap-3">
          <ToggleRow label="Checkbox" hint="With an explanation.">
            <Checkbox defaultChecked />
          </ToggleRow>
          <ToggleRow label="Some of several">
            <Checkbox indeterminate />
          </ToggleRow>
          <ToggleRow label="Switch" hint="Takes effect at once.">
            <Switch defaultChecked />
          </ToggleRow>
          <ToggleRow label="Off">
            <Switch />
          </ToggleRow>
        </div>
      </div>
      <Tabs
        label="Parts"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'one', label: 'First', content: <p>What the first part shows.</p> },
          { value: 'two', label: 'Second', content: <p>What the second part shows.</p> },
        ]}
      />
      <p className="flex flex-wrap gap-4 text-ink-muted">
        <RelativeTime at="2026-01-02T03:04:05.000Z" />
        <ExactTime at="2026-01-02T03:04:05.000Z" />
        <Bytes value={123_456_789} />
        <Duration milliseconds={754_000} />
        <Count value={1_234_567} />
      </p>
    </div>
  )
}
