import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { SlipwayError } from '../../errors.js';
import { pullRequestRef } from '../../git-ref.js';
import type { AcceptedLook, WebhookRequest } from './contract.js';
import { commit, deliveryIdOf, repositoryName } from './webhook-push.js';

/** The fields of a pull request's payload that are used. */
const PullRequestPayload = Type.Object({
  action: Type.String({ maxLength: 64 }),
  number: Type.Integer({ minimum: 1, maximum: 2 ** 31 }),
  pull_request: Type.Object({
    head: Type.Object({ sha: commit }),
    base: Type.Object({ sha: commit, ref: Type.String({ pattern: '^[^\\u0000-\\u0020\\u007f]+$', maxLength: 1000 }) }),
  }),
  repository: Type.Object({ full_name: repositoryName }),
  changes: Type.Optional(Type.Object({ base: Type.Optional(Type.Unknown()) })),
  sender: Type.Optional(Type.Object({ login: Type.String({ maxLength: 256 }) })),
});
type PullRequestPayload = Static<typeof PullRequestPayload>;

/** Names of those fields. */
export const pullRequestMembers = Object.keys(PullRequestPayload.properties);

/** What changes the commits of a pull request, or what they are compared with. */
const usedActions = ['opened', 'reopened', 'synchronize'];

/** Reads payloads of pull requests. Null: nothing about its commits has changed. The reader fails with `invalid-payload`. */
export function createPullRequestReader(): (payload: unknown, request: WebhookRequest) => AcceptedLook | null {
  const schema = Compile(PullRequestPayload);
  return (payload, request) => {
    if (!schema.Check(payload)) {
      const [fault] = schema.Errors(payload);
      const what = `${fault?.instancePath || 'it'} ${fault?.message ?? 'has another shape'}`;
      throw new SlipwayError('invalid-payload', `This is not the payload of a pull request: ${what}.`);
    }
    return isUsed(payload) ? readPullRequest(payload, deliveryIdOf(request), request.receivedAt) : null;
  };
}

const isUsed = ({ action, changes }: PullRequestPayload): boolean =>
  usedActions.includes(action) || (action === 'edited' && changes?.base !== undefined);

function readPullRequest(payload: PullRequestPayload, id: string, receivedAt: number): AcceptedLook {
  const { number, sender } = payload;
  const repository = payload.repository.full_name;
  const { head, base } = payload.pull_request;
  const at = { before: base.sha, after: head.sha };
  return {
    delivery: {
      ...{ id, event: 'pull_request', repository, branch: base.ref, ...at, receivedAt },
      ...{ status: 'accepted', reason: null },
    },
    look: {
      trigger: { kind: 'push', deliveryId: id, by: sender?.login ?? null },
      ...{ repository, ref: pullRequestRef(number), services: null, ...at, dueAt: receivedAt },
    },
  };
}
