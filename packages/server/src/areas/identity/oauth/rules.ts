/** A person as a provider vouches for them. */
export interface VouchedPerson {
  issuer: string
  /** The provider's own id of the person, which never changes. */
  subject: string
  /** In lower case; only when the provider says that it is verified. */
  verifiedEmail: string | null
  name: string | null
  /** What people recognize the account by. */
  label: string
}

export type Outcome =
  | { kind: 'sign_in'; userId: string }
  | { kind: 'link'; userId: string }
  | { kind: 'create'; email: string }
  | { kind: 'refuse'; code: RefusalCode }

type RefusalCode =
  | 'oauth.account_unproven'
  | 'oauth.email_unverified'
  | 'oauth.identity_taken'
  | 'auth.registration_disabled'

/**
 * What coming back from a provider leads to. An address that the provider has not verified proves nothing: with it anybody
 * could take over the account that has the same one. Nor does an address that somebody typed in here: with it anybody
 * could have an account ready for the person who owns the address, and keep its password.
 */
export function outcomeOf(facts: {
  person: VouchedPerson
  /** Whose this identity is already. */
  linkedUserId: string | null
  /** Who asked, while signed in, to link it. */
  linkingUserId: string | null
  /** Who has the verified address here, and whether it was shown to be theirs. */
  sameEmail: { userId: string; emailProven: boolean } | null
  registrationEnabled: boolean
}): Outcome {
  const { person, linkedUserId, linkingUserId, sameEmail, registrationEnabled } = facts
  if (linkingUserId !== null) {
    return linkedUserId === null || linkedUserId === linkingUserId
      ? { kind: 'link', userId: linkingUserId }
      : { kind: 'refuse', code: 'oauth.identity_taken' }
  }
  if (linkedUserId !== null) return { kind: 'sign_in', userId: linkedUserId }
  if (person.verifiedEmail === null) return { kind: 'refuse', code: 'oauth.email_unverified' }
  if (sameEmail !== null) {
    return sameEmail.emailProven
      ? { kind: 'link', userId: sameEmail.userId }
      : { kind: 'refuse', code: 'oauth.account_unproven' }
  }
  if (!registrationEnabled) return { kind: 'refuse', code: 'auth.registration_disabled' }
  return { kind: 'create', email: person.verifiedEmail }
}

const somewhere = 'http://holdfast.invalid'

/** The path to go on with: one of this server, whatever was asked for. */
export function safePath(next: string | undefined): string {
  if (next === undefined || !next.startsWith('/') || /[\\\p{Cc}]/u.test(next)) return '/'
  const url = URL.parse(next, somewhere)
  if (url === null || url.origin !== somewhere) return '/'
  return `${url.pathname}${url.search}${url.hash}`
}
