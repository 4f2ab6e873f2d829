/** What the operations of this area do, in words; an unknown kind is shown by its name. */
export const operationTitles: Readonly<Record<string, string>> = {
  'records.import': 'Importing records',
  'endpoints.index_field': 'Building an index',
  'endpoints.convert_values': 'Converting values',
}
