import { createHash } from 'node:crypto';
import { SlipwayError } from '../errors.js';
import type { Store } from '../store/contract.js';

/** One call that may carry an Idempotency-Key. Keys of different tokens, and of different calls, are different. */
export interface KeyedCall {
  readonly by: string;
  /** The call and what its address names, e.g. `rebuild shop`. */
  readonly name: string;
  /** Null: the call has no key. */
  readonly key: string | null;
  /** What the call asks for. */
  readonly request: Readonly<Record<string, string | boolean | null>>;
}

type Keys = Pick<Store, 'housekeeping'>;

/** The stored form of the key, or null. */
export const keyOf = ({ by, name, key }: KeyedCall): string | null =>
  key === null ? null : JSON.stringify([by, name, key]);

/** What the same call was answered with before, or null. Fails with `idempotency-conflict`. */
export async function earlierAnswer(call: KeyedCall, { housekeeping }: Keys): Promise<string | null> {
  const key = keyOf(call);
  if (key === null) return null;
  const known = await housekeeping.once(key, identityOf(call), null);
  if (known === 'conflict') throw await conflict(key, call, housekeeping);
  return known.buildId;
}

/** The id that the key now stands for: the given one, or that of an earlier call. Fails with `idempotency-conflict`. */
export async function claimKey(call: KeyedCall, id: string, { housekeeping }: Keys): Promise<string> {
  const key = keyOf(call);
  if (key === null) return id;
  const claimed = await housekeeping.once(key, identityOf(call), id);
  if (claimed === 'conflict') throw await conflict(key, call, housekeeping);
  return claimed.buildId;
}

/** A hash of each field, so that a conflict can say which ones differ. */
function identityOf({ request }: KeyedCall): string {
  const fields = Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(fields.map(([name, value]) => [name, hashOf(value)])));
}

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64url');

async function conflict(key: string, call: KeyedCall, housekeeping: Keys['housekeeping']): Promise<SlipwayError> {
  const known = await housekeeping.key(key);
  const fields = known === null ? [] : differing(known.requestHash, identityOf(call));
  const id = known?.id ?? null;
  const differs = fields.length === 0 ? '' : ` Another: ${fields.join(', ')}.`;
  const message = `This Idempotency-Key came with another request before, which was answered with ${id}.${differs}`;
  return new SlipwayError('idempotency-conflict', message, { extra: { answeredWith: id, fields } });
}

/** Names of the fields that differ. */
function differing(stored: string, given: string): readonly string[] {
  const [one, other] = [stored, given].map((text) => new Map(fieldsOf(text)));
  const names = new Set([...(one?.keys() ?? []), ...(other?.keys() ?? [])]);
  return [...names].filter((name) => one?.get(name) !== other?.get(name));
}

function fieldsOf(identity: string): readonly (readonly [string, unknown])[] {
  // An older version stored one hash.
  return identity.startsWith('{') ? Object.entries(JSON.parse(identity) as object) : [];
}
