import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable'
import type { DraftField } from './draft.ts'
import { FieldRow } from './field-row.tsx'
import { useSchemaEditor } from './schema-context.ts'

/** Distance before a press becomes a drag, so that a click on the handle stays a click. */
const dragAfterPx = 4

/** Fields of one level in their order; they are dragged by pointer, or with Space and the arrow keys. */
export function FieldList({ fields, label }: { fields: readonly DraftField[]; label: string }) {
  const { move } = useSchemaEditor()
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: dragAfterPx } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const nameOf = (key: string | number) =>
    fields.find((field) => field.key === key)?.name || 'the unnamed field'
  const placeOf = (key: string | number) => fields.findIndex((field) => field.key === key) + 1
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={({ active, over }) =>
        over && active.id !== over.id && move(String(active.id), String(over.id))
      }
      accessibility={{
        announcements: {
          onDragStart: ({ active }) =>
            `Picked up ${nameOf(active.id)}, place ${placeOf(active.id)} of ${fields.length}.`,
          onDragOver: ({ active, over }) =>
            over ? `${nameOf(active.id)} is over place ${placeOf(over.id)}.` : undefined,
          onDragEnd: ({ active, over }) =>
            over
              ? `${nameOf(active.id)} was put at place ${placeOf(over.id)}.`
              : `${nameOf(active.id)} went back.`,
          onDragCancel: ({ active }) => `${nameOf(active.id)} went back to its place.`,
        },
        screenReaderInstructions: {
          draggable:
            'Press Space to pick the field up, the arrow keys to move it, Space to put it down, Escape to let it go back.',
        },
      }}
    >
      <SortableContext items={fields.map((field) => field.key)} strategy={verticalListSortingStrategy}>
        <ul aria-label={label} className="flex flex-col gap-1.5">
          {fields.map((field) => (
            <FieldRow key={field.key} field={field}>
              {field.children.length > 0 && (
                <FieldList fields={field.children} label={`Fields of ${field.name || 'unnamed field'}`} />
              )}
            </FieldRow>
          ))}
        </ul>
      </SortableContext>
    </DndContext>
  )
}
