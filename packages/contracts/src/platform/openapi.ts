import { z } from 'zod'
import { route } from '../kit/route.ts'

export const getOpenApi = route({
  id: 'openapi.get',
  method: 'GET',
  path: '/api/openapi.json',
  summary: 'Describe every route, and the endpoints that you may know of, as OpenAPI 3.1',
  access: {
    public:
      'The description holds no data, and clients are generated from it before anybody signs in. Endpoints that are not public are in it only for whoever may see or call them.',
  },
  answers: { 200: z.looseObject({ openapi: z.string() }).meta({ id: 'OpenApiDocument' }), 304: null },
})

export const openSwagger = route({
  id: 'openapi.swagger',
  method: 'GET',
  path: '/api/swagger',
  summary: 'Go to the interactive reference in the console',
  access: { public: 'It leads to a page of the console, which asks to sign in.' },
  answers: { 302: null },
})

export const openApiRoutes = [getOpenApi, openSwagger] as const
