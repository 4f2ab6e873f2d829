import { useState } from 'react'
import { Textarea } from './textarea.tsx'

export interface LinesInputProps {
  value: readonly string[]
  onChange: (lines: string[]) => void
  disabled?: boolean
  placeholder?: string
}

const read = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** A list of short texts, one per line. Empty lines are let be while typing and left out of the value. */
export function LinesInput({ value, onChange, disabled = false, placeholder }: LinesInputProps) {
  const [text, setText] = useState(value.join('\n'))
  // Something else has set the value (Discard): follow it.
  if (read(text).join('\n') !== value.join('\n')) setText(value.join('\n'))
  return (
    <Textarea
      mono
      rows={4}
      spellCheck={false}
      placeholder={placeholder}
      disabled={disabled}
      value={text}
      onChange={(event) => {
        setText(event.target.value)
        onChange(read(event.target.value))
      }}
    />
  )
}
