import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Badge } from '../../ui/badge.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { Section } from '../../ui/page.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { mfaQuery } from './queries.ts'
import { texts } from './strings.ts'

/** Whether the profile's owner has a second factor. */
export function MfaSection() {
  const mfa = useQuery(mfaQuery)
  const enabled = mfa.data?.enabled === true
  return (
    <Section
      title={texts.mfa.title}
      description={enabled ? texts.mfa.on : texts.mfa.off}
      action={
        <Link to="/profile/second-factor" className={buttonClass()}>
          {enabled ? 'Change second factor' : 'Set up second factor'}
        </Link>
      }
    >
      {mfa.error && <ProblemNotice problem={mfa.error} onRetry={() => void mfa.refetch()} />}
      {mfa.data && (
        <div className="flex flex-wrap items-center gap-2 text-sm text-ink-muted">
          <Badge tone={enabled ? 'ok' : 'neutral'}>{enabled ? 'On' : 'Off'}</Badge>
          {enabled && `${mfa.data.recovery_codes_left} recovery codes left`}
        </div>
      )}
    </Section>
  )
}
