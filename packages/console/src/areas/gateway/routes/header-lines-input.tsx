import { useState } from 'react'
import { Textarea } from '../../../ui/textarea.tsx'
import { headersOfLines, linesOfHeaders } from './header-lines.ts'

interface HeaderLinesInputProps {
  value: Readonly<Record<string, string>>
  onChange: (headers: Record<string, string>) => void
}

/** Headers as lines of `Name: value`. What is typed stays as it is typed; only its meaning goes into the form. */
export function HeaderLinesInput({ value, onChange }: HeaderLinesInputProps) {
  const [text, setText] = useState(() => linesOfHeaders(value).join('\n'))
  return (
    <Textarea
      mono
      rows={4}
      spellCheck={false}
      value={text}
      onChange={(event) => {
        setText(event.target.value)
        onChange(headersOfLines(event.target.value.split('\n').filter((line) => line.trim() !== '')))
      }}
    />
  )
}
