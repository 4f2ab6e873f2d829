import { defineProblems } from '../kit/problem.ts'

export const identityProblems = defineProblems({
  'groups.not_found': { status: 404, sentence: 'There is no group with this id.' },
  'groups.name_taken': {
    status: 409,
    sentence: 'A group with this name already exists. Choose another name.',
  },
  'groups.system_protected': { status: 403, sentence: 'System groups cannot be changed or deleted.' },
  'groups.beyond_own_rights': {
    status: 403,
    sentence:
      'You can only give, change or take permissions that you hold yourself. Ask an administrator who holds them.',
  },
  'users.not_found': { status: 404, sentence: 'There is no user with this id.' },
  'users.login_taken': { status: 409, sentence: 'Login already exists. Choose another one.' },
  'users.email_taken': {
    status: 409,
    sentence: 'Email already exists. Choose another one, or sign in with it.',
  },
  'users.beyond_own_rights': {
    status: 403,
    sentence: 'This user holds rights that you do not hold. Ask an administrator who holds them.',
  },
  'users.yourself_protected': {
    status: 409,
    sentence: 'You cannot delete yourself or change your own status. Ask another administrator.',
  },
  'users.last_super_admin': {
    status: 409,
    sentence: 'This is the last active Super Admin. Make somebody else Super Admin first.',
  },
  'users.password_missing': {
    status: 409,
    sentence: 'This user has no password yet. Set one, or let them use their invitation.',
  },
  'organizations.not_found': {
    status: 404,
    sentence: 'There is no organization with this id that you are a member of.',
  },
  'auth.credentials_invalid': {
    status: 401,
    sentence: 'Invalid credentials. Check the login and the password.',
  },
  'auth.account_inactive': {
    status: 401,
    sentence: 'Account is not active. Ask an administrator to activate it.',
  },
  'auth.account_suspended': {
    status: 403,
    sentence: 'Account is suspended. Ask an administrator to lift it.',
  },
  'auth.locked': { status: 429, sentence: 'Too many login attempts. Try again later.' },
  'auth.refresh_invalid': { status: 401, sentence: 'Invalid refresh token. Sign in again.' },
  'auth.registration_disabled': {
    status: 403,
    sentence: 'Registration is disabled. Ask an administrator for an account.',
  },
  'auth.password_wrong': { status: 400, sentence: 'The current password is wrong.' },
  'auth.reset_token_invalid': {
    status: 400,
    sentence: 'This link is not valid any more: it was used, is too old, or was replaced. Ask for a new one.',
  },
  'auth.session_required': {
    status: 403,
    sentence: 'An API token cannot do this. Sign in and do it yourself.',
  },
  'tokens.not_found': { status: 404, sentence: 'There is no token with this id.' },
  'tokens.beyond_own_rights': {
    status: 403,
    sentence:
      'A token can only be given rights, a lifetime and addresses that you have yourself. Ask for less, or ask an administrator.',
  },
  'tokens.too_many': {
    status: 409,
    sentence: 'You have 100 tokens already. Delete those that are not used.',
  },
  'mfa.already_enabled': { status: 409, sentence: 'A second factor is on already. Turn it off first.' },
  'mfa.not_enabled': { status: 409, sentence: 'There is no second factor on this account.' },
  'mfa.not_enrolled': {
    status: 409,
    sentence: 'Begin with /v1/auth/mfa/enroll: there is nothing to verify yet.',
  },
  'mfa.code_wrong': {
    status: 400,
    sentence:
      'This code is wrong or was used already. Wait for the next one, and check the clock of the telephone.',
  },
  'mfa.password_required': {
    status: 400,
    sentence: 'Send your password as well: you signed in more than ten minutes ago.',
  },
  'mfa.challenge_refused': {
    status: 401,
    sentence: 'This code is wrong or was used already. Wait for the next one, or use a recovery code.',
  },
  'mfa.challenge_invalid': {
    status: 401,
    sentence: 'This sign-in was finished, or took longer than five minutes. Begin again with the password.',
  },
  'roles.not_found': { status: 404, sentence: 'There is no role with this id.' },
  'roles.assigned': {
    status: 409,
    sentence: 'Users hold this role. Take it from them first; /api/users shows who they are.',
  },
  'users.not_suspended': { status: 409, sentence: 'This user is not suspended.' },
  'oauth.not_configured': {
    status: 503,
    sentence:
      'This way to sign in is not set up here. For GitHub set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET; for OpenID Connect set HOLDFAST_OIDC_ISSUER and HOLDFAST_OIDC_CLIENT_ID.',
  },
  'oauth.provider_unreachable': {
    status: 503,
    sentence: 'The provider does not answer right now. Try again in a moment, or sign in with a password.',
  },
  'oauth.state_invalid': {
    status: 400,
    sentence: 'This sign-in was not begun in this browser, or took longer than ten minutes. Begin again.',
  },
  'oauth.refused': { status: 403, sentence: 'The provider did not confirm who you are. Begin again.' },
  'oauth.email_unverified': {
    status: 403,
    sentence:
      'The provider has no verified e-mail address of yours. Verify it there, or sign in with a password and link the account on your profile.',
  },
  'oauth.account_unproven': {
    status: 403,
    sentence:
      'An account here has your e-mail address, but nobody has shown yet that the address is its owner’s. If it is yours, sign in with its password and link this account on your profile. If not, reset its password by e-mail: what others left in it ends with that.',
  },
  'oauth.identity_taken': {
    status: 409,
    sentence: 'This account is linked to another user already. Unlink it there first.',
  },
  'oauth.identity_not_found': { status: 404, sentence: 'No such account is linked to yours.' },
  'oauth.last_way_in': {
    status: 409,
    sentence: 'This is your only way to sign in. Set a password first.',
  },
  'mail.not_configured': {
    status: 503,
    sentence:
      'E-mail is not set up here, so no link can be sent. Ask an administrator for one, or set HOLDFAST_SMTP_URL.',
  },
  'setup.completed': { status: 409, sentence: 'Set-up is complete. Sign in with the administrator account.' },
  'setup.step_out_of_order': {
    status: 409,
    sentence: 'An earlier step is still to be done. See /api/setup/status.',
  },
  'setup.code_invalid': {
    status: 403,
    sentence: 'The set-up code is missing or wrong. It was printed when the server started.',
  },
})
