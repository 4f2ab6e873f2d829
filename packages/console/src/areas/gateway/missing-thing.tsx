import { Drawer } from '../../ui/drawer.tsx'
import { Notice } from '../../ui/notice.tsx'

/** Stands in a drawer whose thing is being read, or does not exist in this organization. */
export function MissingThing(props: { what: string; loading: boolean; onClose: () => void }) {
  return (
    <Drawer title={props.loading ? 'Loading' : `No such ${props.what}`} onClose={props.onClose}>
      {props.loading ? (
        <div aria-busy className="h-40 animate-pulse rounded-md bg-sunken" />
      ) : (
        <Notice tone="warn">
          This {props.what} does not exist in this organization. It may have been deleted, or belong to
          another.
        </Notice>
      )}
    </Drawer>
  )
}
