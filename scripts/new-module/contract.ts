import type { Names } from './names.ts'

export const problems = ({ one, many, words }: Names) => `import { defineProblems } from '../kit/problem.ts'

export const ${one}Problems = defineProblems({
  '${many}.not_found': { status: 404, sentence: 'There is no ${words} with this id.' },
  '${many}.name_taken': {
    status: 409,
    sentence: 'A ${words} with this name already exists. Choose another name.',
  },
})
`

export const contract = ({ file, one, One, many, Many, words, action }: Names) => `import { z } from 'zod'
import { Done, ok, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'

export const ${One} = z.object({ id: Id, name: z.string(), createdAt: Timestamp }).meta({ id: '${One}' })
export type ${One} = z.output<typeof ${One}>

const ${One}Body = z.object({ name: z.string().trim().min(1, 'must not be empty').max(80) })
export type ${One}Input = z.output<typeof ${One}Body>

const ${One}Params = z.object({ id: Id })

export const list${Many} = route({
  id: '${many}.list',
  method: 'GET',
  path: '/api/${file}',
  summary: 'List every ${words}',
  access: { permission: 'view' },
  answers: { 200: ok(z.array(${One})) },
})

export const get${One} = route({
  id: '${many}.get',
  method: 'GET',
  path: '/api/${file}/{id}',
  summary: 'Get one ${words}',
  access: { permission: 'view' },
  params: ${One}Params,
  answers: { 200: ok(${One}) },
  problems: ['${many}.not_found'],
})

export const create${One} = route({
  id: '${many}.create',
  method: 'POST',
  path: '/api/${file}',
  summary: 'Create a ${words}',
  access: { permission: 'manage_users' },
  audit: '${action}.created',
  body: ${One}Body,
  answers: { 201: ok(${One}) },
  problems: ['${many}.name_taken'],
})

export const delete${One} = route({
  id: '${many}.delete',
  method: 'DELETE',
  path: '/api/${file}/{id}',
  summary: 'Delete a ${words}',
  access: { permission: 'manage_users' },
  audit: '${action}.deleted',
  params: ${One}Params,
  answers: { 200: Done },
  problems: ['${many}.not_found'],
})

export const ${one}Routes = [list${Many}, get${One}, create${One}, delete${One}] as const
`
