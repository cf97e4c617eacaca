import Type from 'typebox';
import { isoTime } from '../iso-time.js';
import type { WhyAnswer } from '../operations/why/contract.js';
import type { ApiDeps } from './deps.js';
import { fields } from './fields.js';
import { knownService } from './known-service.js';
import { renderListed } from './render.js';
import { answers, asksGit, type App } from './route.js';
import { PathAnswer, whySchema, type WhyJson } from './why-schema.js';

const tags = ['decisions'];

const whySpec = {
  operationId: 'why',
  tags,
  summary: 'Why a commit was built for a service, or was not',
  description:
    'The newest decision about the commit, or the one that `decision` names. If it was pushed together with later ones, the decision about the last of them; `isHead` is then ' +
    'false. `unknown-decision`: nothing was decided about it, or the decision is not kept any more.',
  params: Type.Object({ name: Type.String(), commit: fields.commitStart }),
  querystring: Type.Object({
    branch: Type.Optional(fields.branch),
    decision: Type.Optional(Type.Integer({ minimum: 1, description: 'The id of a decision about the commit.' })),
  }),
  response: answers({ 200: whySchema }, ['unknown-service', 'unknown-commit', 'unknown-decision', ...asksGit]),
};

const pathSpec = {
  operationId: 'tryPath',
  tags,
  summary: 'Whether a change of a path would count for a service now',
  description: 'By the configuration in force, and by the packaging at the newest head of the main branch.',
  params: Type.Object({ name: Type.String() }),
  querystring: Type.Object({
    path: Type.String({ minLength: 1, maxLength: 4096, description: 'From the root of the repository.' }),
  }),
  response: answers({ 200: PathAnswer }, ['unknown-service', 'unknown-decision']),
};

/** `GET /api/v1/services/:name/why/:commit` and `/api/v1/services/:name/regions`. */
export function whyRoutes(app: App, deps: ApiDeps): void {
  const config = { access: 'read' } as const;
  const at = '/api/v1/services/:name';
  app.get(`${at}/why/:commit`, { schema: whySpec, config }, async ({ params, query }) => {
    const { branch = null, decision = null } = query;
    const service = knownService(deps, params.name);
    return render(await deps.why.of({ service, commit: params.commit, branch, decision }));
  });
  app.get(`${at}/regions`, { schema: pathSpec, config }, async ({ params, query: { path } }) => {
    const service = knownService(deps, params.name);
    return deps.why.path({ service, path });
  });
}

function render({
  decision,
  compared,
  paths,
  coveredBy,
  ladder,
  chain,
  others,
  samePush,
  ...same
}: WhyAnswer): WhyJson {
  return {
    ...same,
    decision: renderListed(decision),
    compared: compared && { ...compared },
    paths: paths.map((path) => ({ ...path })),
    coveredBy: coveredBy && {
      image: {
        repository: coveredBy.image.repository,
        digest: coveredBy.image.digest,
        tags: [...coveredBy.image.tags],
      },
      buildId: coveredBy.buildId,
    },
    ladder: ladder.map((rung) => ({ ...rung })),
    chain: chain.map(({ at, ...link }) => ({ ...link, at: at === null ? null : isoTime(at) })),
    others: others.map(renderListed),
    samePush: samePush.map(renderListed),
  };
}
