import { type ApiRequest, tokenPlaceholder } from '../lib/snippets.ts'
import { Dialog } from './dialog.tsx'
import { RequestSnippets } from './request-snippets.tsx'

/** The request in three languages, and what to put in place of the token. */
export default function ApiDialog({ request, onClose }: { request: ApiRequest; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      size="medium"
      title="This page as a request"
      description={
        request.isPublic
          ? 'Anybody may send this request.'
          : `Put an API token or an access token in place of ${tokenPlaceholder}.`
      }
    >
      <RequestSnippets request={request} />
    </Dialog>
  )
}
