import { defineProblems } from '../kit/problem.ts'

/** What user code, its secrets and cron jobs can answer. */
export const automationProblems = defineProblems({
  'code.busy': {
    status: 503,
    sentence: 'All workers for code are busy. Try again in a moment.',
  },
  'handlers.failed': {
    status: 500,
    sentence: 'The code of this endpoint failed. Its author finds the reason among the runs of its handlers.',
  },
  'handlers.refused': { status: 400, sentence: 'The code of this endpoint refused the request.' },
  'secrets.not_found': { status: 404, sentence: 'There is no secret with this name.' },
  'secrets.too_many': {
    status: 409,
    sentence: 'There are 500 secrets already. Delete one that is no longer used.',
  },
  'cron.not_found': { status: 404, sentence: 'There is no cron job with this id.' },
  'cron.schedule_invalid': {
    status: 400,
    sentence: 'Invalid cron schedule expression',
  },
  'cron.time_zone_unknown': {
    status: 400,
    sentence: 'There is no time zone with this name. Write it as Europe/Zurich or UTC.',
  },
  'cron.action_incomplete': {
    status: 400,
    sentence: 'The action is not complete. Give the code, the URL or the endpoint path that it needs.',
  },
  'cron.url_refused': { status: 400, sentence: 'This URL cannot be called.' },
  'cron.too_many': {
    status: 409,
    sentence: 'There are 1,000 cron jobs already. Delete one that is no longer used.',
  },
  'cron.too_many_waiting': {
    status: 409,
    sentence: 'Too many runs of this cron job wait already. Let them finish first.',
  },
})
