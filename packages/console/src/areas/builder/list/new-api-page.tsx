import { accessTypes, type EndpointMethod, endpointMethods } from '@holdfast/contracts/builder/endpoints'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useWatch } from 'react-hook-form'
import { Button } from '../../../ui/button.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { TextField } from '../../../ui/form/fields.tsx'
import { ComboboxField, MultiComboboxField, SelectField } from '../../../ui/form/pick-fields.tsx'
import { Form, type SchemaForm, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { notify } from '../../../ui/toast.ts'
import { groupsQuery } from '../../identity/queries.ts'
import { createApi } from '../api-plan.ts'
import { suggestPath } from '../paths.ts'
import { endpointGroupsQuery } from '../queries.ts'
import { accessWords } from '../strings.ts'
import { FirstFields } from './first-fields.tsx'
import { MethodChoice } from './method-choice.tsx'
import { newApiForm } from './new-api-form.ts'

/** One form, a whole API: the thing, its path, its first fields, and the methods that serve it. */
export default function NewApiPage() {
  const navigate = useNavigate()
  const endpointGroups = useQuery(endpointGroupsQuery)
  const groups = useQuery(groupsQuery)
  const close = () => void navigate({ to: '/build', search: (previous) => previous })
  const methods: EndpointMethod[] = [...endpointMethods]
  const form = useSchemaForm({
    schema: newApiForm,
    initial: {
      name: '',
      path: '',
      methods,
      fields: [{ name: 'name', type: 'string', required: true }],
      groupId: null,
      accessType: 'authenticated',
      allowedGroupIds: [],
    },
    onSubmit: async (value) => {
      const made = await createApi(value)
      notify(`${value.path} answers from now on`)
      form.markSaved()
      const first = made[0]
      queueMicrotask(() => {
        if (first) void navigate({ to: '/build/endpoints/$endpointId', params: { endpointId: first.id } })
      })
    },
  })
  return (
    <Drawer
      title="New API"
      size="large"
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" form="new-api" busy={form.busy}>
            Create API
          </Button>
        </>
      }
    >
      <Form form={form} id="new-api">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            name="name"
            label="What is one record?"
            placeholder="Product"
            autoComplete="off"
            autoFocus
            hint="A word for the thing you keep."
          />
          <TextField
            name="path"
            label="Path"
            mono
            placeholder="/api/products"
            autoComplete="off"
            hint="Where applications find it. A single record is at the path and its id."
          />
        </div>
        <FirstFields name="fields" />
        <MethodChoice name="methods" />
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField
            name="accessType"
            label="Who may call it"
            options={accessTypes.map((value) => ({ value, ...accessWords[value] }))}
          />
          <ComboboxField
            name="groupId"
            label="Endpoint group"
            placeholder="None"
            options={(endpointGroups.data ?? []).map((group) => ({ value: group.id, label: group.name }))}
          />
        </div>
        <AllowedGroups
          form={form}
          options={(groups.data ?? []).map((group) => ({
            value: group.id,
            label: group.name,
            hint: group.description,
          }))}
        />
        <SuggestedPath form={form} />
      </Form>
    </Drawer>
  )
}

interface PartProps {
  form: SchemaForm<typeof newApiForm>
}

function AllowedGroups({
  form,
  options,
}: PartProps & { options: Array<{ value: string; label: string; hint: string }> }) {
  const accessType = useWatch({ control: form.form.control, name: 'accessType' })
  if (accessType !== 'group') return null
  return (
    <MultiComboboxField
      name="allowedGroupIds"
      label="Groups that may call it"
      placeholder="Choose groups"
      options={options}
    />
  )
}

/** Fills the path from the name for as long as nobody has typed a path. */
function SuggestedPath({ form }: PartProps) {
  const { control, setValue, getFieldState } = form.form
  const name = useWatch({ control, name: 'name' })
  useEffect(() => {
    if (!getFieldState('path').isDirty || form.form.getValues('path') === '')
      setValue('path', suggestPath(name))
  }, [name, setValue, getFieldState, form.form])
  return null
}
