import Type, { type Static } from 'typebox';
import { foundWithRulesOf } from '../decide/region-rules.js';
import type { Pattern } from '../model/pattern.js';
import type { Service } from '../model/service.js';
import type { ApiDeps } from './deps.js';
import { knownService } from './known-service.js';
import { answers, type App } from './route.js';
import { schemas } from './schemas.js';

const { nullable } = schemas;
const Text = Type.String();
const Patterns = Type.Array(Text);

const Rules = Type.Object({
  branches: Patterns,
  gitTags: Patterns,
  included: Type.Array(Text, { description: 'Empty: every path of the repository, or `auto`.' }),
  excluded: Patterns,
  auto: Type.Boolean({ description: 'What is included is read from the Dockerfile at each look.' }),
  trigger: Type.Enum(['push', 'artifact']),
  artifact: nullable(Text),
  dockerfile: nullable(Type.String({ description: 'As configured. Null: it is looked for.' })),
  target: nullable(Text),
  context: Text,
  builds: Type.Enum(['latest', 'every-push']),
  cascade: Type.Boolean({ description: 'Built again when an image that it stands on changes.' }),
  drift: Type.Array(
    Type.Object({
      branch: Text,
      message: Text,
      dockerfile: nullable(
        Type.Object(
          { path: Text, line: Type.Integer() },
          { description: 'The instruction that reads what lies in no region. Null: not known, or not about one.' },
        ),
      ),
    }),
    { description: 'Where regions and Dockerfile had drifted apart when a branch was last looked at.' },
  ),
  bases: Type.Array(
    Type.Object({
      branch: Text,
      reference: Text,
      base: Type.String({ description: 'The service that makes it.' }),
    }),
    { description: 'Images of other services that the branches stand on, as decided last.' },
  ),
});

const schema = {
  operationId: 'getServiceRules',
  tags: ['services'],
  summary: 'What decides whether a service is built',
  description:
    'The settings in force with their defaults, region drift, and base images. Nothing is asked of the git host.',
  params: Type.Object({ name: Text }),
  response: answers({ 200: Rules }, ['unknown-service']),
};

/** `GET /api/v1/services/:name/rules`. */
export function serviceRuleRoutes(app: App, deps: ApiDeps): void {
  app.get('/api/v1/services/:name/rules', { schema, config: { access: 'read' } }, async ({ params }) => {
    const service = knownService(deps, params.name);
    return { ...settingsOf(service), ...(await foundOf(service, deps)) };
  });
}

function settingsOf(service: Service): Omit<Static<typeof Rules>, 'drift' | 'bases'> {
  const { regions, autoRegions: auto, trigger, artifact, dockerfile, target, context, builds, cascade } = service;
  return {
    ...{ branches: textsOf(service.branches), gitTags: textsOf(service.gitTags) },
    ...{ included: textsOf(regions.included), excluded: textsOf(regions.excluded), auto },
    ...{ trigger, artifact, dockerfile, target, context: context === '' ? '.' : context, builds, cascade },
  };
}

const textsOf = (patterns: readonly Pattern[]): string[] => patterns.map(({ text }) => text);

async function foundOf(service: Service, { store }: ApiDeps) {
  const { name, literalBranches } = service;
  const noted = foundWithRulesOf(service, await store.regionDrifts.of(name));
  const branches = [...new Set([...literalBranches, ...noted.map(({ branch }) => branch)])];
  const edges = (await Promise.all(branches.map((branch) => store.bases.under(name, branch)))).flat();
  return {
    drift: noted.flatMap(({ branch, drift }) => drift.map((one) => ({ ...one, branch }))),
    bases: edges.map(({ branch, reference, base }) => ({ branch, reference, base })),
  };
}
