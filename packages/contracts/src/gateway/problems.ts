import { defineProblems } from '../kit/problem.ts'

export const gatewayProblems = defineProblems({
  'gateway_services.not_found': { status: 404, sentence: 'There is no gateway service with this id.' },
  'gateway_services.targets_conflict': {
    status: 400,
    sentence: 'The field targets does not name targetUrl. Send one of the two, or both in agreement.',
  },
  'gateway_services.targets_fixed': {
    status: 409,
    sentence:
      'This service is this server, whose address does not change. Make another service for another address.',
  },
  'gateway_routes.not_found': { status: 404, sentence: 'There is no gateway route with this id.' },
  'gateway_routes.duplicate': {
    status: 409,
    sentence: 'Another route has this method, host and path pattern. Change that one, or delete it first.',
  },
  'gateway_consumers.not_found': { status: 404, sentence: 'There is no active consumer with this id.' },
  'gateway_keys.not_found': { status: 404, sentence: 'There is no valid gateway key with this id.' },
  'gateway_errors.not_found': { status: 404, sentence: 'There is no gateway error with this id.' },
  'gateway_publications.not_found': {
    status: 404,
    sentence: 'This endpoint is not published through the gateway.',
  },
  'gateway_publications.impossible': {
    status: 409,
    sentence: 'This endpoint cannot be published through the gateway.',
  },
  'gateway.limit_reached': {
    status: 409,
    sentence: 'The tenant has as many of these as it can have. Delete those that are not used any more.',
  },
  'gateway.streams_exhausted': {
    status: 503,
    sentence: 'As many people as can are following the gateways live. Try again when one of them has left.',
  },
  'gateway.document_invalid': {
    status: 400,
    sentence: 'The document cannot be used. See details for what is wrong with it.',
  },
})
