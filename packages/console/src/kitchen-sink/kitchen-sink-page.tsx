import { Plus } from 'lucide-react'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Page, Section } from '../ui/page.tsx'
import { ControlSamples } from './control-samples.tsx'
import { FeedbackSamples } from './feedback-samples.tsx'
import { FormSample } from './form-sample.tsx'
import { TableSample } from './table-sample.tsx'

/** All of the kit, in the states that are easy to forget. */
export default function KitchenSinkPage() {
  return (
    <main className="p-4 md:p-8">
      <Page
        title="Kitchen sink"
        badge={<Badge tone="accent">Development only</Badge>}
        description="Every component in one place, to be looked at in both themes and both widths."
        request={{
          method: 'POST',
          path: '/api/products',
          body: { title: 'Tea', price: 4.5, tags: ['green'] },
        }}
        action={
          <Button kind="primary" icon={Plus}>
            Primary action
          </Button>
        }
      >
        <Section title="Controls">
          <ControlSamples />
        </Section>
        <Section title="Form" description="From a schema: limits, sentences, focus on the first error.">
          <FormSample />
        </Section>
        <Section title="Table">
          <TableSample />
        </Section>
        <FeedbackSamples />
      </Page>
    </main>
  )
}
