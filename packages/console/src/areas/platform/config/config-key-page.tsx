import type { ConfigEntry } from '@holdfast/contracts/platform/config'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ConfigForm } from './config-form.tsx'
import { ConfigHistory } from './config-history.tsx'
import { configQuery, sourceWords, textOf } from './queries.ts'

/** One key beside the list: its value, where it comes from, and what it was before. */
export default function ConfigKeyPage() {
  const { configKey = '' } = useParams({ strict: false })
  const navigate = useNavigate()
  const config = useQuery(configQuery)
  const close = () => void navigate({ to: '/admin/config', search: (previous) => previous })
  const entry = config.data?.entries.find(({ key }) => key === configKey)
  if (entry === undefined)
    return (
      <Drawer title={configKey} onClose={close}>
        {config.isPending ? (
          <div aria-busy className="h-40 animate-pulse rounded-md bg-sunken" />
        ) : (
          <>
            <Notice>This key holds nothing. Its history says what it was.</Notice>
            <ConfigHistory configKey={configKey} canGoBack />
          </>
        )}
      </Drawer>
    )
  return <KeyDrawer key={`${entry.key} ${entry.version}`} entry={entry} onClose={close} />
}

function KeyDrawer({ entry, onClose }: { entry: ConfigEntry; onClose: () => void }) {
  const { key, source, description } = entry
  const isFixed = source === 'environment' || entry.kind === 'environment'
  return (
    <Drawer
      title={<span className="font-mono text-base">{key}</span>}
      badge={<Badge tone={sourceWords[source].tone}>{sourceWords[source].label}</Badge>}
      onClose={onClose}
      footer={
        !isFixed && (
          <Button kind="primary" type="submit" form="config-key">
            Save
          </Button>
        )
      }
    >
      {description !== '' && <p className="mb-3 text-sm text-ink-muted">{description}</p>}
      {isFixed ? (
        <>
          <Notice>
            {entry.kind === 'environment'
              ? `This is a variable of the server's environment. Change ${key} where the server is started, and start it again.`
              : 'The environment of the server sets this. Change HOLDFAST_SETTINGS where the server is started, and start it again.'}
          </Notice>
          <p className="mt-3 font-mono text-sm break-all">
            {textOf(entry.value, entry.is_sensitive, entry.has_value)}
          </p>
        </>
      ) : (
        <ConfigForm entry={entry} />
      )}
      {entry.kind !== 'environment' && <ConfigHistory configKey={key} canGoBack={!isFixed} />}
    </Drawer>
  )
}
