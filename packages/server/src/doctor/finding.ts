/** What one check has found. `fail` keeps the product from working; `warn` is worth a look. */
export interface Finding {
  check: string
  state: 'ok' | 'warn' | 'fail'
  /** A person reads it: what is so, and what to do when it is not well. */
  sentence: string
}

export const ok = (check: string, sentence: string): Finding => ({ check, state: 'ok', sentence })
export const warn = (check: string, sentence: string): Finding => ({ check, state: 'warn', sentence })
export const fail = (check: string, sentence: string): Finding => ({ check, state: 'fail', sentence })
