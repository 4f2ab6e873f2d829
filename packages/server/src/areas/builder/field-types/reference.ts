import { type FieldTypeDefinition, filterOperators, refuse } from './definition.ts'

const recordId = /^[0-9a-fA-F]{24}$/

/** The id of a record of another endpoint. That the record exists is asked by the caller, for all references at once. */
export const referenceType: FieldTypeDefinition = {
  name: 'reference',
  compile({ refEndpointId, refCollectionId }) {
    return (value, path, report) => {
      if (typeof value !== 'string') return refuse(report, path, 'must be a reference ID string')
      if (!recordId.test(value)) return refuse(report, path, 'must be a valid record ID')
      if (refCollectionId === null) {
        return refuse(
          report,
          path,
          refEndpointId === null ? 'must specify a target endpoint' : 'references unknown endpoint',
        )
      }
      const id = value.toLowerCase()
      report.references.push({ path, collectionId: refCollectionId, recordId: id })
      return id
    }
  },
  sample: () => '65f0c2a1b4e8d90012345678',
  jsonSchema: () => ({ type: 'string', pattern: '^[0-9a-fA-F]{24}$', description: 'Id of a record.' }),
  typescript: () => 'string',
  sqlCast: 'text',
  sqlColumn: 'text',
  operators: filterOperators,
  parseText: (text) => (recordId.test(text) ? text.toLowerCase() : undefined),
  textHint: 'the id of a record, 24 hexadecimal characters',
  parsePiece: (text) => text.toLowerCase(),
  isSearched: false,
  parseCell: (text) => text,
  convert: (value) =>
    typeof value === 'string' && recordId.test(value.trim()) ? value.trim().toLowerCase() : undefined,
}
