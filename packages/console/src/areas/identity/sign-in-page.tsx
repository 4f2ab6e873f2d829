import { problems } from '@holdfast/contracts/problems'
import { useQuery } from '@tanstack/react-query'
import { Link, useLocation, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { baseUrl } from '../../lib/base.ts'
import { usePageSettings } from '../../lib/page-settings.ts'
import { safeNext } from '../../lib/safe-next.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { DoorLayout } from './door-layout.tsx'
import { providersQuery } from './queries.ts'
import { codeForm, signInForm } from './schemas.ts'
import { answerChallenge, signIn } from './session-actions.ts'
import { texts } from './strings.ts'

/** The door. After it, the page that was asked for. */
export default function SignInPage() {
  const navigate = useNavigate()
  const { next, ended, refused } = useSearch({ from: '/sign-in' })
  // Whoever comes from a provider and has a second factor brings the challenge in the fragment.
  const { hash } = useLocation()
  const [challenge, setChallenge] = useState(() => new URLSearchParams(hash).get('challenge'))
  const enter = () => navigate({ href: safeNext(next), replace: true })
  if (challenge !== null) {
    return (
      <DoorLayout title={texts.mfa.title} lead={texts.signIn.code}>
        <CodeStep challenge={challenge} onDone={enter} />
        <Button kind="quiet" onClick={() => setChallenge(null)}>
          Start again
        </Button>
      </DoorLayout>
    )
  }
  return (
    <DoorLayout title={texts.signIn.title}>
      {ended && <Notice>{texts.signIn.ended}</Notice>}
      {refused && <Notice tone="warn">{sentenceOf(refused)}</Notice>}
      <PasswordStep onChallenge={setChallenge} onDone={enter} />
      <Providers next={next} />
    </DoorLayout>
  )
}

function PasswordStep(props: { onChallenge: (challenge: string) => void; onDone: () => Promise<void> }) {
  const { enableRegistration } = usePageSettings()
  const form = useSchemaForm({
    schema: signInForm,
    initial: { login: '', password: '' },
    onSubmit: async ({ login, password }) => {
      const challenge = await signIn(login, password)
      if (challenge === null) await props.onDone()
      else props.onChallenge(challenge)
    },
  })
  return (
    <Form form={form} guardUnsaved={false}>
      <TextField name="login" label="Login, username or e-mail" autoComplete="username" autoFocus />
      <TextField name="password" label="Password" type="password" autoComplete="current-password" />
      <Button kind="primary" type="submit" busy={form.busy}>
        Sign in
      </Button>
      <Link to="/forgot-password" className="text-sm text-accent-ink underline-offset-2 hover:underline">
        {texts.signIn.forgot}
      </Link>
      {enableRegistration && (
        <Link to="/register" className="text-sm text-accent-ink underline-offset-2 hover:underline">
          {texts.register.offer}
        </Link>
      )}
    </Form>
  )
}

function CodeStep({ challenge, onDone }: { challenge: string; onDone: () => Promise<void> }) {
  const form = useSchemaForm({
    schema: codeForm,
    initial: { code: '' },
    onSubmit: async ({ code }) => {
      await answerChallenge(challenge, code)
      await onDone()
    },
  })
  return (
    <Form form={form} guardUnsaved={false}>
      <TextField name="code" label="Code" autoComplete="one-time-code" mono autoFocus />
      <Button kind="primary" type="submit" busy={form.busy}>
        Sign in
      </Button>
    </Form>
  )
}

/** Leaves the console: the browser goes to the provider and comes back signed in. */
function Providers({ next }: { next: string | undefined }) {
  const providers = useQuery(providersQuery)
  if (!providers.data || providers.data.length === 0) return null
  const query = `?next=${encodeURIComponent(safeNext(next))}`
  return (
    <div className="flex flex-col gap-2 border-t border-line pt-4">
      {providers.data.map(({ provider, name, path }) => (
        <a key={provider} href={new URL(path.slice(1) + query, baseUrl).href} className={buttonClass()}>
          Sign in with {name}
        </a>
      ))}
    </div>
  )
}

function sentenceOf(code: string): string {
  return Object.hasOwn(problems, code)
    ? problems[code as keyof typeof problems].sentence
    : problems['oauth.refused'].sentence
}
