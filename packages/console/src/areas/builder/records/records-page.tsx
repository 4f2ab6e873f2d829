import { Link, useParams } from '@tanstack/react-router'
import { buttonClass } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { CollectionContext } from './collection-context.ts'
import { RecordsView } from './records-view.tsx'
import { useCollection } from './use-collection.ts'

/** The records behind a path, as a sheet to look through and to change. */
export default function RecordsPage() {
  const { endpointId } = useParams({ from: '/shell/build/records/$endpointId' })
  const { endpoint, collection, error, retry } = useCollection(endpointId)
  if (error) {
    return (
      <Page title="Records">
        <ProblemNotice problem={error} onRetry={retry} />
      </Page>
    )
  }
  if (!endpoint || !collection) {
    return (
      <Page title="Records">
        <div aria-busy className="h-80 animate-pulse rounded-md bg-sunken" />
      </Page>
    )
  }
  if (!collection.by.GET) {
    return (
      <Page
        title={collection.path}
        action={
          <Link
            to="/build/endpoints/$endpointId"
            params={{ endpointId }}
            className={buttonClass('secondary')}
          >
            Open the endpoint
          </Link>
        }
      >
        <Notice tone="warn" title="These records cannot be listed">
          No endpoint that is on and lets you in answers GET at {collection.path}. Add one, turn it on, or
          change its access, and they appear here.
        </Notice>
      </Page>
    )
  }
  return (
    <CollectionContext value={{ collection, endpointId }}>
      <RecordsView key={collection.path} />
    </CollectionContext>
  )
}
