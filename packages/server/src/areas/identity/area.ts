import type { Kit } from '../../kit.ts'
import type { Area } from '../area.ts'
import { createGroupsRepo } from './groups/repo.ts'
import { bindGroups } from './groups/routes.ts'
import { createGroups } from './groups/service.ts'

/** Identity: who people are and what they may do. */
export function composeIdentity(kit: Kit) {
  const groups = createGroups({ ...kit, repo: createGroupsRepo(kit.database) })
  const area: Area = { routes: [...bindGroups(groups)] }
  return { area, groups }
}
