import { useState } from 'react'
import { apiUrl } from '../../../lib/base.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { ToggleRow } from '../../../ui/field.tsx'
import { Page, Section } from '../../../ui/page.tsx'
import { ImportSection } from './import-section.tsx'

/** What is defined here, as a file: to review, to keep under version control, to bring elsewhere. */
export default function ProjectPage() {
  return (
    <Page
      title="Project"
      description="Endpoints, groups, cron jobs and webhooks in one file. People, tokens, secrets and logs are never in it."
      request={{ method: 'GET', path: '/api/project/export' }}
      width="reading"
    >
      <ExportSection />
      <ImportSection />
    </Page>
  )
}

function ExportSection() {
  const [withSettings, setSettings] = useState(false)
  const [withData, setData] = useState(false)
  const url = apiUrl('/api/project/export')
  if (withSettings) url.searchParams.set('includeSettings', 'true')
  if (withData) url.searchParams.set('includeData', 'true')
  return (
    <Section title="Export" description="The same definitions always make the same text.">
      <div className="flex flex-col gap-3">
        <ToggleRow label="Platform settings" hint="Limits, page sizes, how long logs are kept.">
          <Checkbox checked={withSettings} onCheckedChange={setSettings} />
        </ToggleRow>
        <ToggleRow label="Records" hint="Those that you may see, without the values of hidden fields.">
          <Checkbox checked={withData} onCheckedChange={setData} />
        </ToggleRow>
        <div>
          <a href={url.href} download className={buttonClass('primary')}>
            Download
          </a>
        </div>
      </div>
    </Section>
  )
}
