import { answerOf, api } from '../api/client.js';
import type { Deployment, Plan } from '../api/types.js';

/** What to run: a release by its number, or what is deployed in another environment. */
export type Target = { readonly release: number } | { readonly from: string };

/** What the dialog is about to ask for. */
export interface Wish {
  readonly service: string;
  readonly environment: string;
  /** Null: of a rollback, what was deployed before. */
  readonly target: Target | null;
  readonly isRollback: boolean;
  /** Deploy a release although it is blocked. */
  readonly force: boolean;
  /** Of a rollback: the containers that were kept, as they are. */
  readonly useKept: boolean;
  /** The deployment that is asked for again. Null: none. */
  readonly retryOf: string | null;
}

/** Why it is asked for. */
export interface Why {
  readonly reference: string;
  readonly reason: string;
}

/** What the wish would do. Nothing is done. Fails with a `Problem`. */
export async function planOf(wish: Wish, signal: AbortSignal): Promise<Plan> {
  return (await send(wish, { reference: '', reason: '' }, { signal })) as Plan;
}

/** Does it. `key`: the same for the same wish that is sent again. Fails with a `Problem`. */
export async function deploymentOf(wish: Wish, why: Why, key: string): Promise<Deployment> {
  return (await send(wish, why, { key })) as Deployment;
}

interface Way {
  readonly signal?: AbortSignal;
  readonly key?: string;
}

/** Without a key it is only planned. */
function send(wish: Wish, why: Why, { signal = new AbortController().signal, key }: Way): Promise<Plan | Deployment> {
  const { service, environment, target } = wish;
  const isDry = key === undefined;
  const header = isDry ? {} : { 'idempotency-key': key };
  if (wish.isRollback) {
    const path = { environment, service };
    const body = {
      useKept: wish.useKept,
      ...(isDry && { dryRun: true }),
      ...(target !== null && 'release' in target && target),
    };
    const address = '/api/v1/environments/{environment}/services/{service}/rollback';
    return answerOf(api.POST(address, { params: { path, header }, body, signal }));
  }
  const { reference, reason } = why;
  if (wish.retryOf !== null && !isDry) {
    const body = { force: wish.force, ...(reference !== '' && { reference }), ...(reason !== '' && { reason }) };
    return answerOf(
      api.POST('/api/v1/deployments/{id}/retry', { params: { path: { id: wish.retryOf }, header }, body }),
    );
  }
  const body = {
    ...{ service, environment, ...target, force: wish.force },
    ...(isDry && { dryRun: true }),
    ...(reference !== '' && { reference }),
    ...(reason !== '' && { reason }),
  };
  return answerOf(api.POST('/api/v1/deployments', { params: { header }, body, signal }));
}

const KEY_WORDS = 4;

/** A key that nobody else makes. `randomUUID` is not there on pages without TLS. */
export const newKey = (): string => [...crypto.getRandomValues(new Uint32Array(KEY_WORDS))].join('-');
