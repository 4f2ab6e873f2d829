import { useBlocker } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import {
  type DefaultValues,
  type FieldValues,
  FormProvider,
  type Path,
  useForm,
  type UseFormReturn,
} from 'react-hook-form'
import type { z } from 'zod'
import { describeProblem } from '../../lib/problem-text.ts'
import { ProblemNotice } from '../problem-notice.tsx'
import { LimitsContext } from './limits.ts'
import { schemaResolver } from './resolver.ts'

const UnsavedChanges = lazy(() => import('./unsaved-changes.tsx'))

export type FormSchema = z.ZodType<FieldValues, FieldValues>

export interface SchemaFormOptions<Schema extends FormSchema> {
  /** The body of the contract's route, or a part of it: the same limits and sentences as the server. */
  schema: Schema
  initial: DefaultValues<z.input<Schema>>
  /** Receives what the schema parsed. What it throws is shown: beside the fields it names, else above the form. */
  onSubmit: (value: z.output<Schema>) => Promise<unknown>
}

export interface SchemaForm<Schema extends FormSchema> {
  form: UseFormReturn<z.input<Schema>, unknown, z.output<Schema>>
  schema: Schema
  submit: (event?: React.FormEvent) => void
  busy: boolean
  problem: unknown
  /** Says that everything is saved, for forms that stay open after saving. */
  markSaved: () => void
}

/** A form over a zod schema. Validation runs on submit first, then on every change of a field that has an error. */
export function useSchemaForm<Schema extends FormSchema>(
  options: SchemaFormOptions<Schema>,
): SchemaForm<Schema> {
  const { schema, initial, onSubmit } = options
  const [problem, setProblem] = useState<unknown>()
  const form = useForm<z.input<Schema>, unknown, z.output<Schema>>({
    defaultValues: initial,
    resolver: schemaResolver(schema),
    mode: 'onSubmit',
    reValidateMode: 'onChange',
  })

  const send = form.handleSubmit(async (value) => {
    setProblem(undefined)
    try {
      await onSubmit(value)
      // What was sent is now what is stored, so leaving asks nothing.
      form.reset(form.getValues())
    } catch (thrown) {
      setProblem(showBesideFields(form, thrown) ? undefined : thrown)
    }
  })

  return {
    form,
    schema,
    submit: (event) => {
      event?.preventDefault()
      void send()
    },
    busy: form.formState.isSubmitting,
    problem,
    markSaved: () => form.reset(form.getValues()),
  }
}

/** Puts the server's findings beside the fields they name; true when all of them found their field. */
function showBesideFields<Values extends FieldValues, Output>(
  form: UseFormReturn<Values, unknown, Output>,
  thrown: unknown,
): boolean {
  const { details } = describeProblem(thrown)
  const known = new Set(Object.keys(form.getValues()))
  const fitting = details.filter((detail) => known.has(detail.path.split('.')[0] ?? ''))
  fitting.forEach((detail, index) =>
    form.setError(
      detail.path as Path<Values>,
      { type: 'server', message: detail.message },
      { shouldFocus: index === 0 },
    ),
  )
  return details.length > 0 && fitting.length === details.length
}

export interface FormProps<Schema extends FormSchema> {
  form: SchemaForm<Schema>
  /** Off for sign-in and other forms where leaving loses nothing. */
  guardUnsaved?: boolean
  id?: string
  children: ReactNode
}

/** The form element: shows a problem that belongs to no field, and asks before unsaved changes are lost. */
export function Form<Schema extends FormSchema>({
  form,
  guardUnsaved = true,
  id,
  children,
}: FormProps<Schema>) {
  const dirty = form.form.formState.isDirty && !form.busy && guardUnsaved
  const blocker = useBlocker({
    shouldBlockFn: () => dirty,
    enableBeforeUnload: () => dirty,
    disabled: !dirty,
    withResolver: true,
  })
  return (
    <FormProvider {...form.form}>
      <LimitsContext value={form.schema}>
        <form id={id} noValidate onSubmit={form.submit} className="flex flex-col gap-4">
          {form.problem !== undefined && <ProblemNotice problem={form.problem} />}
          {children}
        </form>
      </LimitsContext>
      {blocker.status === 'blocked' && (
        <Suspense>
          <UnsavedChanges onStay={blocker.reset} onLeave={blocker.proceed} />
        </Suspense>
      )}
    </FormProvider>
  )
}
