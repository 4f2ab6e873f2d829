import { z } from 'zod'
import { route } from '../kit/route.ts'

export const getOpenApi = route({
  id: 'openapi.get',
  method: 'GET',
  path: '/api/openapi.json',
  summary: 'Describe every route as OpenAPI 3.1',
  access: {
    public: 'The description holds no data, and clients are generated from it before anybody signs in.',
  },
  answers: { 200: z.looseObject({ openapi: z.string() }).meta({ id: 'OpenApiDocument' }), 304: null },
})

export const openApiRoutes = [getOpenApi] as const
