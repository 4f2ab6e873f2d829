import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { Check } from 'lucide-react'
import { useController } from 'react-hook-form'
import { GroupIcon, groupColors, groupIcons } from '../group-icon.tsx'

const boxClass =
  'flex size-8 items-center justify-center rounded-md border border-transparent hover:bg-hover data-checked:border-accent data-checked:bg-accent-soft pointer-coarse:size-10'

/** The icon and the color by which a group is found at a glance. */
export function GroupLookFields({ disabled }: { disabled: boolean }) {
  const icon = useController({ name: 'icon' }).field
  const color = useController({ name: 'color' }).field
  const colors: string[] = [...new Set<string>([...groupColors, String(color.value)])]
  return (
    <>
      <fieldset disabled={disabled} className="min-w-0">
        <legend className="mb-1 text-sm font-medium">Color</legend>
        <RadioGroup
          aria-label="Color"
          value={String(color.value)}
          onValueChange={(value) => color.onChange(value)}
          disabled={disabled}
          className="flex flex-wrap gap-1"
        >
          {colors.map((value) => (
            <Radio.Root key={value} value={value} aria-label={`Color ${value}`} className={boxClass}>
              <span
                aria-hidden
                className="flex size-5 items-center justify-center rounded-full text-surface"
                style={{ backgroundColor: value }}
              >
                {value === color.value && <Check className="size-3" strokeWidth={3} />}
              </span>
            </Radio.Root>
          ))}
        </RadioGroup>
      </fieldset>
      <fieldset disabled={disabled} className="min-w-0">
        <legend className="mb-1 text-sm font-medium">Icon</legend>
        <RadioGroup
          aria-label="Icon"
          value={String(icon.value)}
          onValueChange={(value) => icon.onChange(value)}
          disabled={disabled}
          className="flex flex-wrap gap-1"
        >
          {Object.keys(groupIcons).map((name) => (
            <Radio.Root key={name} value={name} aria-label={name.replaceAll('-', ' ')} className={boxClass}>
              <GroupIcon icon={name} color={String(color.value)} />
            </Radio.Root>
          ))}
        </RadioGroup>
      </fieldset>
    </>
  )
}
