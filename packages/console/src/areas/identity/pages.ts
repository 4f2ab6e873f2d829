import { CircleUser, UserPlus, Users, UsersRound } from 'lucide-react'
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
]

export const adminActions: readonly AreaAction[] = [
  { label: 'Add a user', to: '/admin/users/new', icon: UserPlus, permissions: ['manage_users'] },
  { label: 'Change my password', to: '/profile/password', icon: CircleUser },
]
