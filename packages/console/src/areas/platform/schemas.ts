import { type SettingName, settingCatalogue, type SettingValues } from '@holdfast/contracts/platform/settings'
import { z } from 'zod'
import { settingWords } from './setting-words.ts'

/** The kind of control that a setting's own schema asks for. */
export type SettingKind = 'switch' | 'number' | 'choice' | 'text'

const kinds: Record<string, SettingKind> = { boolean: 'switch', number: 'number', enum: 'choice' }

export function kindOf(name: SettingName): SettingKind {
  return kinds[settingCatalogue[name].schema.def.type] ?? 'text'
}

/** The values of an enumerated setting. */
export function choicesOf(name: SettingName): string[] {
  const { schema } = settingCatalogue[name]
  return schema instanceof z.ZodEnum ? schema.options.map(String) : []
}

const names = Object.keys(settingCatalogue) as SettingName[]

/** How many of the API's units one of the form's unit is: spans are milliseconds there and minutes here. */
const scaleOf = (name: SettingName) => settingWords[name].scale ?? 1

/** Judges a form by the catalogue: every value goes through the setting's own schema, in the API's unit. */
export const settingsForm = z.object(
  Object.fromEntries(
    names.map((name) => {
      const { schema } = settingCatalogue[name]
      if (kindOf(name) !== 'number') return [name, schema]
      const scaled = z
        .number('must be a number')
        .transform((value) => Math.round(value * scaleOf(name)))
        .superRefine((value, context) => {
          const { minValue, maxValue } = schema as z.ZodInt
          const shown = (bound: number) => (bound / scaleOf(name)).toLocaleString('en-US')
          if (minValue !== null && value < minValue)
            context.addIssue({ code: 'custom', message: `must be at least ${shown(minValue)}` })
          if (maxValue !== null && value > maxValue)
            context.addIssue({ code: 'custom', message: `must be at most ${shown(maxValue)}` })
        })
      return [name, scaled]
    }),
  ),
)

/** The settings in the units of the form. */
export function toForm(settings: SettingValues): Record<string, unknown> {
  return Object.fromEntries(
    names.map((name) => {
      const value = settings[name]
      return [name, typeof value === 'number' ? value / scaleOf(name) : value]
    }),
  )
}
