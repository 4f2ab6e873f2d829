/** What the operations of this area do, in words; an unknown kind is shown by its name. */
export const operationTitles: Readonly<Record<string, string>> = {
  'records.import': 'Importing records',
  'fields.index': 'Building an index',
  'fields.unique': 'Checking that values are unique',
  'fields.convert': 'Converting values',
}
