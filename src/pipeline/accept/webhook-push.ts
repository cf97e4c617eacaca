import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { SlipwayError } from '../../errors.js';
import { formatRef, parseFullRef, type Ref } from '../../git-ref.js';
import type { AcceptedLook, WebhookRequest } from './contract.js';

export const commit = Type.String({ pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$' });

export const repositoryName = Type.String({
  pattern: '^(?!\\.{1,2}/)[A-Za-z0-9._-]+/(?!\\.{1,2}$)[A-Za-z0-9._-]+$',
  maxLength: 256,
});

/** The fields of a push payload that are used. GitHub truncates its lists of commits and files, so they are ignored. */
const PushPayload = Type.Object({
  ref: Type.String({ pattern: '^refs/[^\\u0000-\\u0020\\u007f]+$', maxLength: 1024 }),
  before: commit,
  after: commit,
  deleted: Type.Optional(Type.Boolean()),
  repository: Type.Object({
    full_name: repositoryName,
  }),
  pusher: Type.Optional(
    Type.Union([
      Type.Object({ name: Type.Optional(Type.Union([Type.String({ maxLength: 256 }), Type.Null()])) }),
      Type.Null(),
    ]),
  ),
});
type PushPayload = Static<typeof PushPayload>;

/** Names of those fields. */
export const pushMembers = Object.keys(PushPayload.properties);

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const deliveryIdForm = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
const noCommit = /^0+$/;

/** A push to be stored, and why nothing will be built for it (null: something may be). */
export interface ReadPush {
  readonly accepted: AcceptedLook;
  readonly ignored: string | null;
}

/** Reads push payloads. Created once, because it compiles a schema. The reader fails with `invalid-payload`. */
export function createPushReader(): (payload: unknown, request: WebhookRequest) => ReadPush {
  const schema = Compile(PushPayload);
  return (payload, request) => {
    if (!schema.Check(payload)) {
      const [fault] = schema.Errors(payload);
      throw new SlipwayError(
        'invalid-payload',
        `This is not a push payload: ${fault?.instancePath || 'it'} ${fault?.message ?? 'has another shape'}.`,
      );
    }
    return readPush(payload, deliveryIdOf(request), request.receivedAt);
  };
}

/** The id of a request, in one form. Fails with `invalid-payload`. */
export function deliveryIdOf({ deliveryId: id }: WebhookRequest): string {
  // One delivery in any case: GitHub's ids are UUIDs.
  if (id !== null && deliveryIdForm.test(id)) return uuidForm.test(id) ? id.toLowerCase() : id;
  throw new SlipwayError('invalid-payload', 'X-GitHub-Delivery is missing or not an id.');
}

function readPush(push: PushPayload, id: string, receivedAt: number): ReadPush {
  const repository = push.repository.full_name;
  const ref = parseFullRef(push.ref);
  const ignored = reasonToIgnore(push, ref);
  const delivery = {
    id,
    event: 'push',
    repository,
    branch: ref ? formatRef(ref) : push.ref,
    before: push.before,
    after: push.after,
    receivedAt,
    status: ignored === null ? ('accepted' as const) : ('ignored' as const),
    reason: ignored,
  };
  const look = {
    trigger: { kind: 'push' as const, deliveryId: id, by: push.pusher?.name ?? null },
    repository,
    ref: push.ref,
    services: null,
    before: commitOrNull(push.before),
    after: commitOrNull(push.after),
    dueAt: receivedAt,
  };
  // A deleted branch gets a look too, to cancel its queued builds.
  return { accepted: { delivery, look: ignored === 'ref-not-used' ? null : look }, ignored };
}

function reasonToIgnore({ after, deleted }: PushPayload, ref: Ref | null): string | null {
  if (!ref) return 'ref-not-used';
  if (deleted !== true && !noCommit.test(after)) return null;
  return `${ref.kind}-deleted`;
}

/** GitHub writes zeros for "no commit": before a ref's creation and after its deletion. */
export function commitOrNull(commit: string): string | null {
  return noCommit.test(commit) ? null : commit;
}
