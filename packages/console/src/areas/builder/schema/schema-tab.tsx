import { useQuery } from '@tanstack/react-query'
import { useMay } from '../../../lib/session.ts'
import { Notice } from '../../../ui/notice.tsx'
import { useEndpoint } from '../editor/endpoint-context.ts'
import { siblingsQuery } from '../queries.ts'
import { SchemaForm } from './schema-form.tsx'

/** The fields of an endpoint, with the record they make beside them. */
export default function SchemaTab() {
  const endpoint = useEndpoint()
  const mayManage = useMay('manage_api')
  const siblings = useQuery(siblingsQuery(endpoint))
  if (endpoint.isSystem) {
    return <Notice>The product itself answers this endpoint. Its fields are described under Docs.</Notice>
  }
  return (
    <SchemaForm
      // A saved or restored schema is a new starting point.
      key={`${endpoint.id} ${endpoint.schemaVersion}`}
      endpoint={endpoint}
      siblings={siblings.data ?? []}
      readOnly={!mayManage}
    />
  )
}
