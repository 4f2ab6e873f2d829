/** Between an instant (RFC 3339, UTC) and what `<input type="datetime-local">` holds: the viewer's own clock, no zone. */

const two = (value: number) => String(value).padStart(2, '0')

export function toLocalInput(instant: string): string {
  const at = new Date(instant)
  if (Number.isNaN(at.getTime())) return ''
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

export function fromLocalInput(text: string): string | null {
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}
