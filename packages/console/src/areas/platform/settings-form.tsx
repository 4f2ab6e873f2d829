import {
  type SettingName,
  settingCatalogue,
  SettingsChange,
  type SettingValues,
  updateSettings,
} from '@holdfast/contracts/platform/settings'
import { useQueryClient } from '@tanstack/react-query'
import { client } from '../../lib/client.ts'
import { changePageSettings } from '../../lib/page-settings.ts'
import { Button } from '../../ui/button.tsx'
import { NumberField, SwitchField, TextField } from '../../ui/form/fields.tsx'
import { SelectField } from '../../ui/form/pick-fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { Section } from '../../ui/page.tsx'
import { notify } from '../../ui/toast.ts'
import { choicesOf, kindOf, settingsForm, toForm } from './schemas.ts'
import { choiceWords, settingSections, settingWords } from './setting-words.ts'

/** Every setting of the catalogue, grouped by what it is about. */
export function SettingsForm({ settings }: { settings: SettingValues }) {
  const queries = useQueryClient()
  const form = useSchemaForm({
    schema: settingsForm,
    initial: toForm(settings),
    onSubmit: async (value) => {
      const answer = await client.call(updateSettings, { body: SettingsChange.parse(value) })
      queries.setQueryData(['settings'], answer.data)
      changePageSettings(answer.data.settings)
      notify('The settings are saved')
    },
  })
  return (
    <Form form={form}>
      {settingSections.map(({ title, description, names }) => (
        <Section key={title} title={title} description={description}>
          <div className="grid gap-4 sm:grid-cols-2">
            {names.map((name) => (
              <SettingField key={name} name={name} />
            ))}
          </div>
        </Section>
      ))}
      <div className="sticky -bottom-5 z-10 mb-2 flex justify-end border-t border-line bg-canvas py-3">
        <Button kind="primary" type="submit" busy={form.busy} disabled={!form.form.formState.isDirty}>
          Save settings
        </Button>
      </div>
    </Form>
  )
}

function SettingField({ name }: { name: SettingName }) {
  const { label, unit, hint = settingCatalogue[name].describe } = settingWords[name]
  const field = { name, label, hint: hint || undefined }
  const kind = kindOf(name)
  if (kind === 'switch') return <SwitchField {...field} className="sm:col-span-2" />
  if (kind === 'number') return <NumberField {...field} {...(unit ? { unit } : {})} />
  if (kind === 'text') return <TextField {...field} />
  return (
    <SelectField
      {...field}
      options={choicesOf(name).map((value) => ({ value, label: choiceWords[value] ?? value }))}
    />
  )
}
