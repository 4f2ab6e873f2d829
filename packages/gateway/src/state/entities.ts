import { type EntityKind, entityKinds } from '@holdfast/contracts/gateway/config'
import type { Upsert } from '../data-plane.ts'

/** Why a configuration was not put into force. The message goes to the control plane and into the log. */
export class ConfigRefusal extends Error {
  override readonly name = 'ConfigRefusal'
}

/** Reads the text of one entity. Throws ConfigRefusal, naming the entity and what is wrong with it. */
export function parseEntity(kind: EntityKind, id: string, text: string): Upsert {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ConfigRefusal(`The ${kind} ${id} is not JSON.`)
  }
  const parsed = entityKinds[kind].safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new ConfigRefusal(
      `The ${kind} ${id} is not valid: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.slice(0, 200),
    )
  }
  if (parsed.data.id !== id) throw new ConfigRefusal(`The ${kind} ${id} calls itself ${parsed.data.id}.`)
  return { kind, id, entity: parsed.data } as Upsert
}
