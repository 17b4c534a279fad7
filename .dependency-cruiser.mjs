/**
 * The import table of ARCHITECTURE.md, as a lint. Each row: a folder and what of ours it may import; everything else of ours is forbidden to it.
 */
const mayImport = {
  'libs/policy': [],
  'libs/ledger': [],
  'libs/aws': [],
  'libs/saml': [],
  'libs/credentials': [],
  'src/iam': ['libs/aws', 'libs/credentials', 'libs/policy'],
  'src/sts': ['src/iam', 'libs/aws', 'libs/policy'],
  'src/organizations': ['src/iam', 'libs/aws', 'libs/policy'],
  'src/authentication': ['src/iam', 'src/sts', 'libs/aws', 'libs/saml'],
  'src/authorization': ['src/iam', 'src/organizations', 'libs/aws', 'libs/policy'],
  'src/policy-analysis': ['libs/aws', 'libs/policy'],
  'src/access-analyzer': ['src/iam', 'src/policy-analysis', 'libs/aws', 'libs/policy'],
  'src/pipeline': ['src/iam', 'src/sts', 'src/organizations', 'src/authorization', 'src/policy-analysis', 'libs/ledger', 'libs/aws', 'libs/policy'],
  'src/projections': ['src/iam', 'libs/ledger'],
  // libs/aws: the errors of the commands they send, ARNs, signatures for Secrets Manager; libs/policy: which granted permissions nobody used, and proposals of fewer.
  'src/sagas': ['src/iam', 'src/pipeline', 'src/projections', 'libs/aws', 'libs/ledger', 'libs/policy'],
  // The past is the pipeline's to give, and decisions are explained on the policies that it would gather itself.
  'src/audit': ['src/iam', 'src/sts', 'src/projections', 'src/pipeline', 'src/authorization', 'libs/ledger', 'libs/policy', 'libs/aws'],
  'src/compliance': ['src/iam', 'src/projections', 'src/pipeline', 'src/audit', 'libs/ledger', 'libs/policy', 'libs/aws'],
  'src/kafka': ['libs/ledger', 'src/projections', 'src/pipeline'],
  'src/api': [
    'src/iam',
    'src/pipeline',
    'src/authentication',
    'src/projections',
    'src/audit',
    'src/compliance',
    'src/sagas',
    'libs/aws',
    'libs/ledger',
  ],
  'src/cli': ['libs/aws', 'libs/ledger', 'libs/policy', 'src/config', 'src/projections', 'src/iam', 'src/audit', 'src/sagas', 'src/initialize.ts'],
};

const notASpec = { pathNot: '\\.spec\\.ts$' };

const table = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `import-table: ${folder}`,
  comment: `${folder} may import ${allowed.length === 0 ? 'nothing of ours' : allowed.join(', ')}. See the import table in ARCHITECTURE.md.`,
  severity: 'error',
  from: { path: `^${folder}/`, ...notASpec },
  to: { path: '^(src|libs|test|bench)/', pathNot: [`^${folder}/`, ...allowed.map((path) => `^${path}(/|\\.ts$|$)`)] },
}));

/** What the pure folders must not touch: I/O, clocks, randomness, threads. */
const ioModules = '^(node:)?(fs|net|http|https|http2|tls|dgram|child_process|worker_threads|sqlite|crypto|os|dns|timers)(/|$)';

export default {
  forbidden: [
    ...table,
    {
      name: 'pure: no I/O in the domain',
      comment: 'Deciders are pure: time, identity and randomness come in through Call.',
      severity: 'error',
      // A hash is pure: paging.ts shortens keys by one.
      from: { path: '^src/(iam|sts|organizations)/', pathNot: ['\\.spec\\.ts$', '/build-[^/]+\\.ts$', '^src/iam/paging\\.ts$'] },
      to: { path: ioModules },
    },
    {
      name: 'pure: the policy engine needs no framework and no I/O',
      severity: 'error',
      from: { path: '^libs/policy/', pathNot: ['\\.spec\\.ts$', '/build-[^/]+\\.ts$'] },
      to: { path: ['^node_modules/@nestjs', '^node_modules/class-', '^(node:)?(fs|net|http|worker_threads|sqlite)'] },
    },
    {
      name: 'only parts.ts names a concrete store',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/parts\\.ts$', '\\.spec\\.ts$', '^src/cli/'] },
      to: { path: '^libs/ledger/(sqlite|memory|eventstoredb)/' },
    },
    {
      name: 'libs are entered by their index',
      severity: 'error',
      from: { path: '^(src|bench)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/[^/]+/', pathNot: '^libs/[^/]+/index\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'no production import of development packages',
      severity: 'error',
      from: { path: '^(src|libs)/', pathNot: ['\\.spec\\.ts$', '/build-[^/]+\\.ts$'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'nothing unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^bench/peers/'] },
    tsPreCompilationDeps: true,
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['import', 'require', 'node', 'default', 'types'], exportsFields: ['exports'] },
  },
};
