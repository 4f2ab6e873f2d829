import { closeSqlAccess, getSqlAccess, openSqlAccess } from '@holdfast/contracts/builder/sql-access'
import { createGroup } from '@holdfast/contracts/identity/groups'
import {
  clearCollection,
  createDocument,
  deleteDocument,
  getDocument,
  listCollections,
  listDocuments,
  updateDocument,
} from '@holdfast/contracts/platform/explorer'
import { scenario } from '../scenario.ts'
import type { World } from '../world.ts'
import { makeEndpoint } from './endpoints.ts'
import { systemGroupIds, unknownId } from './ids.ts'

/** A group that was just made, as a document. */
async function makeGroup(world: World) {
  const { data } = await (await world.adminClient()).call(createGroup, {
    body: { name: world.fresh('Explored') },
  })
  return { params: { name: 'groups', id: data.id }, document: { name: data.name } }
}

const systemGroup = { name: 'groups', id: systemGroupIds.user }
const notAllowed = { name: 'sessions', id: unknownId }
const refused = 'a collection that is not listed is refused, not sought; ids have a test of their own'

/** What every route with an id refuses alike. */
const unknown = {
  'database.collection_not_allowed': () => ({ params: notAllowed }),
  'database.document_id_invalid': () => ({ params: { name: 'users', id: 'first' } }),
  'database.document_not_found': () => ({ params: { name: 'users', id: unknownId } }),
}
const withBody = (way: () => { params: { name: string; id: string } }) => () => ({ ...way(), body: {} })

export const explorerScenarios = [
  scenario(listCollections, { success: () => ({}) }),
  scenario(listDocuments, {
    unknownIdAllowed: refused,
    success: () => ({ params: { name: 'users' }, query: {} }),
    problems: { 'database.collection_not_allowed': () => ({ params: { name: 'sessions' }, query: {} }) },
  }),
  scenario(getDocument, {
    unknownIdAllowed: refused,
    success: () => ({ params: systemGroup }),
    problems: unknown,
  }),
  scenario(createDocument, {
    unknownIdAllowed: refused,
    success: (world) => ({ params: { name: 'groups' }, body: { name: world.fresh('Explored') } }),
    problems: {
      'database.collection_not_allowed': () => ({ params: { name: 'sessions' }, body: {} }),
      'database.document_protected': () => ({
        params: { name: 'logs' },
        body: { message: 'Nothing happened' },
      }),
      'database.document_conflict': async (world) => ({
        params: { name: 'groups' },
        body: (await makeGroup(world)).document,
      }),
      'database.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_users']),
        params: { name: 'endpointgroups' },
        body: { name: 'Mine' },
      }),
    },
  }),
  scenario(updateDocument, {
    unknownIdAllowed: refused,
    success: async (world) => ({
      params: (await makeGroup(world)).params,
      body: { description: 'Changed' },
    }),
    problems: {
      'database.collection_not_allowed': withBody(unknown['database.collection_not_allowed']),
      'database.document_id_invalid': withBody(unknown['database.document_id_invalid']),
      'database.document_not_found': withBody(unknown['database.document_not_found']),
      'database.document_protected': () => ({ params: systemGroup, body: { description: 'Mine' } }),
      'database.document_conflict': async (world) => ({
        params: (await makeGroup(world)).params,
        body: (await makeGroup(world)).document,
      }),
      'database.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_users']),
        params: { name: 'endpoints', id: (await makeEndpoint(world)).id },
        body: { name: 'Mine' },
      }),
    },
  }),
  scenario(deleteDocument, {
    unknownIdAllowed: refused,
    success: async (world) => ({ params: (await makeGroup(world)).params }),
    problems: {
      ...unknown,
      'database.document_protected': () => ({ params: systemGroup }),
      'database.document_conflict': async (world) => {
        const as = await world.as('superAdmin')
        return { as, params: { name: 'users', id: as.user.id } }
      },
      'database.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_users']),
        params: { name: 'endpoints', id: (await makeEndpoint(world)).id },
      }),
    },
  }),
  scenario(clearCollection, {
    unknownIdAllowed: refused,
    success: () => ({ params: { name: 'logs' } }),
    problems: {
      'database.collection_not_allowed': () => ({ params: { name: 'sessions' } }),
      'database.collection_not_clearable': () => ({ params: { name: 'users' } }),
      'database.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_users']),
        params: { name: 'endpointdatas' },
      }),
    },
  }),
  scenario(getSqlAccess, { success: () => ({}) }),
  scenario(openSqlAccess, {
    success: () => ({}),
    problems: {
      'database.sql_access_unavailable': {
        onlyByRace: 'needs a PostgreSQL without the role, which the test of the module plays',
      },
    },
  }),
  scenario(closeSqlAccess, { success: () => ({}) }),
]
