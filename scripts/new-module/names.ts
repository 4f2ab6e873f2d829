/** A module's name in the forms that its files need: `name-tags`, `name_tags`, `nameTags`, `NameTag`, `name tag`. */
export interface Names {
  area: string
  file: string
  table: string
  many: string
  Many: string
  one: string
  One: string
  words: string
  action: string
}

export function namesOf(area: string, file: string): Names {
  const many = file.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const Many = many.replace(/^./, (letter) => letter.toUpperCase())
  const singular = file.slice(0, -1)
  return {
    area,
    file,
    table: file.replaceAll('-', '_'),
    many,
    Many,
    one: many.slice(0, -1),
    One: Many.slice(0, -1),
    words: singular.replaceAll('-', ' '),
    action: singular.replaceAll('-', '_'),
  }
}
