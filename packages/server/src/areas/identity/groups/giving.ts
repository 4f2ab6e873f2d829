import type { GroupsRepo } from './repo.ts'

/** What giving groups to users needs of this module: which there are, and that those given stay until it is done. */
export type GroupGiving = Pick<GroupsRepo, 'list' | 'lockForGiving'>
