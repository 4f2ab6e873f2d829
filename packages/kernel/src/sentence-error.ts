/** A failure that the person who runs the program can mend: the message says how, and a stack would only hide it. */
export class SentenceError extends Error {
  override readonly name = 'SentenceError'
}
