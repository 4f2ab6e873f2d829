/**
 * Names without the `[]` of a list, with what they were given: a text, or the list of what `filter[title][in][]=a` was
 * given each time. A list says values that hold commas.
 */
export function* filtersOf(parameters: URLSearchParams): Generator<[string, string | readonly string[]]> {
  const lists = new Set<string>()
  for (const [name, value] of parameters) {
    if (!name.startsWith('filter')) continue
    if (!name.endsWith('[in][]')) yield [name, value]
    else if (!lists.has(name)) {
      lists.add(name)
      yield [name.slice(0, -2), parameters.getAll(name)]
    }
  }
}
