/** One setting from the environment, with the line that documents it. */
export interface Setting<T> {
  describe: string
  /** Turns text into a value, or throws an Error whose message says what would be right. Absent or empty text is `undefined`. */
  parse(text: string | undefined): T
}

export type Settings = Record<string, Setting<unknown>>
export type Values<S extends Settings> = { [K in keyof S]: ReturnType<S[K]['parse']> }

/** Thrown with every mistake at once, so that one edit can mend them all. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly mistakes: readonly string[]
  constructor(mistakes: readonly string[]) {
    super(
      `The configuration has ${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'}:\n${mistakes.map((m) => `  - ${m}`).join('\n')}`,
    )
    this.mistakes = mistakes
  }
}

/** What several settings have to do with each other: answers the mistake, or null. A setting with a mistake is undefined. */
export type ConfigRule<S extends Settings> = (values: Partial<Values<S>>) => string | null

/** Parses all settings, or throws one `ConfigError` that lists every mistake. */
export function parseConfig<S extends Settings>(
  settings: S,
  environment: Record<string, string | undefined>,
  rules: readonly ConfigRule<S>[] = [],
): Values<S> {
  const mistakes: string[] = []
  const entries = Object.entries(settings).map(([name, setting]) => {
    const text = environment[name]?.trim()
    try {
      return [name, setting.parse(text === '' ? undefined : text)] as const
    } catch (error) {
      mistakes.push(`${name} ${error instanceof Error ? error.message : String(error)}`)
      return [name, undefined] as const
    }
  })
  const values = Object.fromEntries(entries) as Values<S>
  mistakes.push(...rules.map((rule) => rule(values)).filter((mistake) => mistake !== null))
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return values
}

/** Text as it is, or the default. */
export function text<D extends string | undefined>(describe: string, fallback: D): Setting<string | D> {
  return { describe, parse: (value) => value ?? fallback }
}

/** A whole number within bounds. */
export function integer(
  describe: string,
  bounds: { min: number; max: number; fallback: number },
): Setting<number> {
  return {
    describe,
    parse(value) {
      if (value === undefined) return bounds.fallback
      const number = Number(value)
      if (!Number.isInteger(number) || number < bounds.min || number > bounds.max) {
        throw new Error(`must be a whole number from ${bounds.min} to ${bounds.max}, not "${value}".`)
      }
      return number
    },
  }
}

/** One of a few words. */
export function oneOf<const T extends string>(
  describe: string,
  choices: readonly T[],
  fallback: T,
): Setting<T> {
  return {
    describe,
    parse(value) {
      if (value === undefined) return fallback
      const found = choices.find((choice) => choice === value)
      if (found === undefined) throw new Error(`must be one of ${choices.join(', ')}, not "${value}".`)
      return found
    },
  }
}

/** Comma-separated words. */
export function list(describe: string): Setting<string[]> {
  return {
    describe,
    parse: (value) =>
      (value ?? '')
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
  }
}

/** An absolute URL with one of these schemes. */
export function url(describe: string, schemes: readonly string[]): Setting<URL | undefined> {
  return {
    describe,
    parse(value) {
      if (value === undefined) return undefined
      const parsed = URL.parse(value)
      if (parsed === null || !schemes.includes(parsed.protocol.slice(0, -1))) {
        throw new Error(`must be a URL that starts with ${schemes.map((s) => `${s}://`).join(' or ')}.`)
      }
      return parsed
    },
  }
}
