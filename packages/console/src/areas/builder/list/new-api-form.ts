import { accessTypes, createEndpoint, endpointMethods } from '@holdfast/contracts/builder/endpoints'
import { fieldTypes } from '@holdfast/contracts/builder/fields'
import { z } from 'zod'

/** What the New API form accepts; the limits of path and access are those of the endpoints it makes. */
export const newApiForm = z
  .object({
    name: z.string().trim().min(1, 'Name the thing, "Product" say.').max(100),
    path: createEndpoint.body.shape.path,
    methods: z.array(z.enum(endpointMethods)).min(1, 'Choose at least one method.'),
    fields: z
      .array(
        z.object({
          name: z.string().trim().min(1, 'Name this field or remove it.').max(64),
          type: z.enum(fieldTypes),
          required: z.boolean(),
        }),
      )
      .max(100),
    groupId: z.string().nullable(),
    accessType: z.enum(accessTypes),
    allowedGroupIds: z.array(z.string()),
  })
  .refine((value) => value.accessType !== 'group' || value.allowedGroupIds.length > 0, {
    path: ['allowedGroupIds'],
    message: 'Choose at least one group; otherwise nobody could call it.',
  })
  .refine((value) => new Set(value.fields.map((field) => field.name)).size === value.fields.length, {
    path: ['fields'],
    message: 'Two fields have the same name.',
  })
