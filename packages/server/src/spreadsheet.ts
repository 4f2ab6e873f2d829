/** Spreadsheets run a cell that begins like this as a formula. */
const formulaStart = /^[=+\-@\t\r]/

/** A quote in front keeps a spreadsheet from running the cell; numbers are harmless and stay numbers. */
export function safeCell(text: string): string {
  return formulaStart.test(text) && !isNumberText(text) ? `'${text}` : text
}

/** What `safeCell` was given. */
export function plainCell(text: string): string {
  return text.startsWith("'") && formulaStart.test(text.slice(1)) ? text.slice(1) : text
}

/** Tells a number as people write it from other text. */
export function isNumberText(text: string): boolean {
  return /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)
}
