import { CircleUser, KeyRound, ShieldCheck, UserPlus, Users, UsersRound } from 'lucide-react'
import type { AreaAction, AreaPage } from '../area.ts'

export const adminPages: readonly AreaPage[] = [
  {
    to: '/admin/users',
    label: 'Users',
    summary: 'Add, invite and change people.',
    icon: Users,
    keywords: ['people', 'accounts', 'invite'],
    permissions: ['view', 'manage_users'],
  },
  {
    to: '/admin/groups',
    label: 'Groups',
    summary: 'Who may do what.',
    icon: UsersRound,
    keywords: ['roles', 'permissions', 'rights'],
    permissions: ['view', 'manage_users'],
  },
  {
    to: '/tokens',
    label: 'API tokens',
    summary: 'Secrets with which programs act for you.',
    icon: KeyRound,
    keywords: ['api keys', 'service tokens', 'scopes', 'rotate'],
  },
]

export const adminActions: readonly AreaAction[] = [
  { label: 'Add a user', to: '/admin/users/new', icon: UserPlus, permissions: ['manage_users'] },
  { label: 'Create an API token', to: '/tokens/new', icon: KeyRound },
  { label: 'Set up a second factor', to: '/profile/second-factor', icon: ShieldCheck },
  { label: 'Change my password', to: '/profile/password', icon: CircleUser },
]
