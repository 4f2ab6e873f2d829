import { SettingsChange } from '@holdfast/contracts/platform/settings'

/** Settings that the environment gives as JSON. Throws with a message that says what would be right. */
export function parseOverrides(text: string | undefined): SettingsChange {
  if (text === undefined) return {}
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    throw new Error('must be JSON, such as {"enableRegistration":false}.')
  }
  const parsed = SettingsChange.omit({ version: true }).safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Error(`must be settings with valid values: ${issue?.path.join('.')} ${issue?.message}.`)
}
