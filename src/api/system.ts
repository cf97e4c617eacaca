import Type from 'typebox';
import { isoTime } from '../iso-time.js';
import type { SystemAnswer, TokenUse } from '../operations/system/contract.js';
import { allowedScopes } from './auth.js';
import type { ApiDeps } from './deps.js';
import { answers, type App } from './route.js';
import { schemas } from './schemas.js';

const { nullable } = schemas;
const Text = Type.String();
const Time = Type.String({ format: 'date-time' });
const Count = Type.Integer({ minimum: 0 });

const Versions = Type.Object({
  slipway: Text,
  node: Text,
  engine: nullable(Type.String({ description: 'Null: the engine does not say.' })),
  database: Type.String({ description: 'Name of the newest migration.' }),
});

const Check = Type.Object({
  name: Type.String({ description: 'As in `/readyz`.' }),
  state: Type.Enum(['ok', 'note', 'fault'], {
    description: '`note`: all is well, and something is worth knowing. `fault`: `/readyz` is 503 because of it.',
  }),
  message: nullable(Text),
  remedy: nullable(Type.String({ description: 'What to do about it.' })),
});

const Queue = Type.Object({
  running: Count,
  queued: Count,
  concurrency: Type.Integer({ description: 'As many builds may run at a time.' }),
  pausedUntil: nullable({ ...Time, description: 'When the first pause of a queued build ends.' }),
});

const WaitCause = Type.Object(
  { code: Text, message: Text, until: nullable(Time), count: Count },
  {
    description:
      'What looks, builds and undelivered notices wait for. `message` and `until` are those of the first, `count` is of all.',
  },
);

const Disk = Type.Object(
  { free: Count, total: Count, floor: Count },
  { description: 'Bytes at `server.dataDir`. No build starts with less free than the floor, `limits.freeDisk`.' },
);

const Webhooks = Type.Object({
  repositories: Type.Array(Type.Object({ repository: Text, lastHeardAt: nullable(Time) }), {
    description: 'Each of the configuration, with the newest delivery that is stored.',
  }),
  refused: Type.Array(Type.Object({ code: Text, at: Time }), {
    description: 'When requests were last refused, by error code. Whose they were cannot be known.',
  }),
});

const Token = Type.Object({
  name: Text,
  scopes: Type.Array(Type.Enum(['read', 'build', 'deploy', 'admin'])),
  environments: nullable(Type.Array(Text)),
  lastUsedAt: nullable({ ...Time, description: 'Any call since the server started.' }),
  lastActedAt: nullable({
    ...Time,
    description: 'The last call of scope build, deploy or admin, as the audit list has it.',
  }),
});

const schema = {
  operationId: 'getSystem',
  tags: ['health'],
  summary: 'The state of Slipway itself',
  description:
    'What it depends on, each with what to do; what it waits for; webhooks; disk; versions. `tokens` is for callers of scope `admin`.',
  response: answers({
    200: Type.Object({
      versions: Versions,
      startedAt: Time,
      checks: Type.Array(Check),
      queue: Queue,
      waits: Type.Array(WaitCause),
      disk: nullable(Disk),
      webhooks: Webhooks,
      heldRequests: Type.Integer({ description: 'Open streams, followed logs and waits for an end.' }),
      tokens: nullable(
        Type.Array(Token, { description: 'By name, never their texts. Null: the caller lacks `admin`.' }),
      ),
    }),
  }),
};

/** `GET /api/v1/system`. */
export function systemRoutes(app: App, deps: ApiDeps): void {
  app.get('/api/v1/system', { schema, config: { access: 'read' } }, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const isAdmin = allowedScopes(request, deps).includes('admin');
    const [answer, tokens] = await Promise.all([deps.system.answer(), isAdmin ? deps.system.tokens() : null]);
    return { ...render(answer), heldRequests: app.held.count(), tokens: tokens?.map(renderToken) ?? null };
  });
}

const timeOf = (at: number | null): string | null => (at === null ? null : isoTime(at));

function render({ versions, startedAt, checks, queue, waits, disk, webhooks }: SystemAnswer) {
  return {
    versions: { ...versions },
    startedAt: isoTime(startedAt),
    checks: checks.map((check) => ({ ...check })),
    queue: { ...queue, pausedUntil: timeOf(queue.pausedUntil) },
    waits: waits.map((wait) => ({ ...wait, until: timeOf(wait.until) })),
    disk: disk && { ...disk },
    webhooks: {
      repositories: webhooks.repositories.map(({ repository, lastHeardAt }) => ({
        repository,
        lastHeardAt: timeOf(lastHeardAt),
      })),
      refused: webhooks.refused.map(({ code, at }) => ({ code, at: isoTime(at) })),
    },
  };
}

const renderToken = ({ name, scopes, environments, lastUsedAt, lastActedAt }: TokenUse) => ({
  name,
  scopes: [...scopes],
  environments: environments?.slice() ?? null,
  lastUsedAt: timeOf(lastUsedAt),
  lastActedAt: timeOf(lastActedAt),
});
