import { z } from 'zod'

/** UUIDv7 of everything but records. Any UUID is accepted on the way in, so that an unknown one is 404 and not 400. */
export const Id = z.uuid('must be an id such as 0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e')

/** 24 hexadecimal characters: the id of a record. */
export const RecordId = z.string().regex(/^[0-9a-fA-F]{24}$/, 'must be 24 hexadecimal characters')
