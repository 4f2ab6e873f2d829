/** The words of this area that more than one page uses; one place to translate. */
export const statusWords = {
  active: { label: 'Active', tone: 'ok' },
  invited: { label: 'Invited', tone: 'info' },
  inactive: { label: 'Inactive', tone: 'neutral' },
  suspended: { label: 'Suspended', tone: 'bad' },
} as const

export const texts = {
  signIn: {
    title: 'Sign in',
    forgot: 'Forgot your password?',
    ended: 'Your session has ended. Sign in to go on where you were.',
    code: 'Enter the code that your authenticator app shows, or one of your recovery codes.',
  },
  register: {
    title: 'Create an account',
    lead: 'It comes with an organization of your own, which nobody else sees into.',
    closed: 'People cannot register here themselves. Ask an administrator for an invitation.',
    known: 'I have an account',
    offer: 'Create an account',
  },
  forgot: {
    title: 'Forgot your password?',
    lead: 'Enter the e-mail address of your account. If it exists, a link to choose a new password is on its way; it works once, for an hour.',
    sent: 'If an account has this address, the e-mail is on its way. Look in the spam folder too.',
  },
  passwordHint:
    'At least 8 characters, 10 for an administrator. A few unrelated words are easier to remember than one clever one.',
  own: {
    title: 'Choose your own password',
    lead: 'An administrator set the one you signed in with. From now on only you should know it.',
  },
  reset: {
    title: 'Choose a new password',
    lead: 'At least 8 characters, 10 for an administrator. A few unrelated words are easier to remember than one clever one.',
    done: 'Your password is set. Sign in with it.',
    noToken: 'This link is incomplete. Open it again from the e-mail, or ask for a new one.',
  },
  tokens: {
    title: 'API tokens',
    description: 'Secrets with which programs act for you: never with more rights than you have.',
  },
  mfa: {
    title: 'Second factor',
    off: 'Sign-in asks for your password alone. With an authenticator app it asks for a code as well, so a stolen password is not enough.',
    on: 'Sign-in asks for a code of your authenticator app.',
    scan: 'Scan this with an authenticator app, or type the secret into it. Then enter the code that it shows.',
    codes: 'Each of these signs you in once, without the app. Keep them where you keep your passwords.',
  },
  users: {
    title: 'Users',
    description: 'Everybody who can sign in. What they may do comes from their groups.',
  },
  groups: {
    title: 'Groups',
    description:
      'A group is a named set of permissions. Somebody in several groups has all of their permissions.',
  },
} as const
