import { type AuditVerdict, verifyAudit } from '@holdfast/contracts/platform/audit'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { client } from '../../../lib/client.ts'
import { formatNumber, plural } from '../../../lib/format.ts'
import { keepOperation, useOperation } from '../../../lib/operation.ts'
import { useUrlFilters } from '../../../lib/url-filters.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { notifyProblem } from '../../../ui/toast.ts'
import { RelativeTime } from '../../../ui/values.tsx'
import { OperationCard } from '../operation-card.tsx'
import { chainName, faultWords, verdictsQuery } from './queries.ts'

/** Whether the trail is whole, since when that is known, and the button to find out now. */
export function AuditState() {
  const queries = useQueryClient()
  const verdicts = useQuery(verdictsQuery)
  // A long verification is an operation; its id is in the address, so that a reload goes on showing it.
  const { values, set } = useUrlFilters(['verification'])
  const [busy, setBusy] = useState(false)
  const refresh = () => queries.invalidateQueries({ queryKey: verdictsQuery.queryKey })
  const verify = async () => {
    setBusy(true)
    try {
      const answer = await client.call(verifyAudit)
      if ('data' in answer) {
        keepOperation(queries, answer.data)
        set({ verification: answer.data.id })
      }
      await refresh()
    } catch (thrown) {
      notifyProblem(thrown)
    } finally {
      setBusy(false)
    }
  }
  if (verdicts.error)
    return (
      <div className="mb-3">
        <ProblemNotice problem={verdicts.error} onRetry={() => void verdicts.refetch()} />
      </div>
    )
  const action = (
    <Button size="small" icon={ShieldCheck} busy={busy} onClick={() => void verify()}>
      Verify now
    </Button>
  )
  return (
    <div className="mb-3 flex flex-col gap-2">
      {verdicts.data && <Verdict verdict={verdicts.data[0]} action={action} />}
      {values.verification !== undefined && (
        <Running
          id={values.verification}
          onFinished={() => {
            set({ verification: undefined })
            void refresh()
          }}
        />
      )}
    </div>
  )
}

function Verdict({ verdict, action }: { verdict: AuditVerdict | undefined; action: React.ReactNode }) {
  if (verdict === undefined)
    return (
      <Notice title="Not verified yet" action={action}>
        The server verifies every night. You can do it now.
      </Notice>
    )
  const { entries, chains, verifiedAt } = verdict
  if (verdict.valid)
    return (
      <Notice tone="ok" title="The trail is whole" action={action}>
        {plural(entries, 'entry', 'entries')} in {plural(chains.length, 'chain')} verified{' '}
        <RelativeTime at={verifiedAt} />.
      </Notice>
    )
  return (
    <Notice tone="bad" title="The trail was tampered with" action={action}>
      <ul>
        {chains
          .filter(({ valid }) => !valid)
          .map(({ organizationId, first_invalid_seq: sequence, fault, error }) => (
            <li key={organizationId}>
              {chainName(organizationId)}
              {sequence !== null && `, first bad entry: number ${formatNumber(sequence)}`}.{' '}
              {fault === null ? error : faultWords[fault]}
            </li>
          ))}
      </ul>
      <p className="mt-1">
        Verified <RelativeTime at={verifiedAt} />. Compare with a copy of the checkpoints that is kept
        elsewhere, and with an export from before.
      </p>
    </Notice>
  )
}

/** A verification of a long trail while it runs. */
function Running({ id, onFinished }: { id: string; onFinished: () => void }) {
  const operation = useOperation(id)
  const { data, finished } = operation
  const tell = useEffectEvent(() => {
    // What failed stays on screen: its reason is there.
    if (data?.state === 'succeeded') onFinished()
  })
  useEffect(() => {
    if (finished) tell()
  }, [finished])
  if (operation.error) return <ProblemNotice problem={operation.error} />
  return data ? <OperationCard listed={data} /> : null
}
