/** Stands where a secret was. */
export const mask = '********'

/** Replaces every occurrence of a secret in a text, also as it is written inside JSON. Longer ones first. */
export function createMasking(values: ReadonlySet<string>): (text: string) => string {
  if (values.size === 0) return (text) => text
  const written = [...values].flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
  const forms = [...new Set(written)].sort((a, b) => b.length - a.length)
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, mask), text)
}
