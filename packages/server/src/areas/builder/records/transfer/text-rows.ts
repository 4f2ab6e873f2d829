/** From the bytes of an upload to the text of each record in it; never more than one record in memory. */

export interface TextRow {
  /** Line of a file by lines, position in a JSON list; from 1. */
  line: number
  text: string
  /** How many bytes of the file end with this record. */
  endBytes: number
}

/** One record as text may be so long; a longer one is cut and refused when it is parsed. */
export const rowLengthMax = 10 * 1024 * 1024

export class UploadUnreadable extends Error {}

async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true })
    yield decoder.decode()
  } catch (error) {
    if (error instanceof TypeError)
      throw new UploadUnreadable('The file is not UTF-8 text. Save it as UTF-8 and send it again.', {
        cause: error,
      })
    throw error
  }
}

/** Newline-delimited JSON: each line that is not blank. */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TextRow> {
  let rest = ''
  let line = 0
  let endBytes = 0
  for await (const text of decode(bytes)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    refuseEndless(rest)
    for (const one of lines) {
      line += 1
      endBytes += Buffer.byteLength(one) + 1
      if (one.trim() !== '') yield { line, text: one, endBytes }
    }
  }
  if (rest.trim() !== '') yield { line: line + 1, text: rest, endBytes: endBytes + Buffer.byteLength(rest) }
}

/** The elements of one JSON list, split at the commas of its own level. Each is parsed by whoever reads it. */
export async function* readJsonList(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TextRow> {
  let element = ''
  let line = 0
  let endBytes = 0
  let depth = 0
  let inText = false
  let isEscaped = false
  let isClosed = false
  for await (const text of decode(bytes)) {
    let from = 0
    for (let index = 0; index < text.length; index += 1) {
      const character = text[index]
      if (inText) {
        if (isEscaped) isEscaped = false
        else if (character === '\\') isEscaped = true
        else if (character === '"') inText = false
        continue
      }
      if (character === '"') inText = true
      else if (character === '[' || character === '{') {
        depth += 1
        if (depth === 1) {
          if (
            character !== '[' ||
            isClosed ||
            (element + text.slice(from, index)).replace('\ufeff', '').trim() !== ''
          )
            throw notAList()
          endBytes += Buffer.byteLength(element + text.slice(from, index)) + 1
          element = ''
          from = index + 1
        }
        continue
      } else if (character === ']' || character === '}') depth -= 1
      const isEnd = depth === 0 && (character === ']' || character === '}')
      if (!isEnd && !(depth === 1 && character === ',')) continue
      const whole = element + text.slice(from, index)
      element = ''
      from = index + 1
      if (isEnd) isClosed = true
      if (isEnd && line === 0 && whole.trim() === '') continue
      line += 1
      endBytes += Buffer.byteLength(whole) + 1
      yield { line, text: whole, endBytes }
    }
    element += text.slice(from)
    refuseEndless(element)
    if (depth === 0 && !isClosed && element.replace('\ufeff', '').trim() !== '') throw notAList()
  }
  if (!isClosed || element.trim() !== '') throw notAList()
}

function notAList(): UploadUnreadable {
  return new UploadUnreadable(
    'The file is not one JSON list of records, or it ends too early. Check its first and last bracket.',
  )
}

function refuseEndless(text: string): void {
  if (text.length > rowLengthMax)
    throw new UploadUnreadable(
      `One record is longer than ${rowLengthMax / 1024 / 1024} MB. Check that each stands on a line of its own.`,
    )
}
