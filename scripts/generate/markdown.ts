/** What every generated page begins with. */
export function pageHead(title: string, source: string): string {
  return `<!-- Generated from ${source} by \`npm run generate\`; a test compares. Change the source. -->\n\n# ${title}\n`
}

/** A table; what would end a cell is escaped. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line), ''].join('\n')
}

export const code = (text: string) => `\`${text}\``
