import { success } from '@holdfast/contracts/kit/answer'
import { getProfile, updateProfile } from '@holdfast/contracts/identity/profile'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { SignIn } from '../sign-in/service.ts'
import type { Profile } from './service.ts'

export function bindProfile(profile: Profile, signIn: Pick<SignIn, 'me'>): BoundRoute[] {
  return [
    handle(getProfile, async (ctx) => success(await signIn.me(ctx))),
    handle(updateProfile, async (ctx, { body }) => success(await profile.update(ctx, body))),
  ]
}
