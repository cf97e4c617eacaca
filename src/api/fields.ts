import Type from 'typebox';
import { schemas } from './schemas.js';

/** Request fields that several routes share. An optional field may be omitted or null. */
const optional = <T extends Type.TSchema>(schema: T) => Type.Optional(schemas.nullable(schema));

/** A git ref's short name. Git checks it; only control characters are refused here. */
const Branch = Type.String({ minLength: 1, maxLength: 1024, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });
/** An invalid id is answered as a commit that does not exist. Only what might be an option of git is refused. */
const Commit = Type.String({
  pattern: '^[0-9A-Za-z][0-9A-Za-z._/-]{0,255}$',
  description: 'Commit id, full or abbreviated.',
});

/** As lists are filtered by it. */
const CommitStart = Type.String({
  pattern: '^([0-9a-fA-F]{4,40}|[0-9a-fA-F]{64})$',
  description: 'Commit id, in full or its beginning: at least four digits.',
});
const Repository = Type.String({ minLength: 1, maxLength: 256, description: 'owner/name, in any case.' });

export const fields = {
  commitStart: CommitStart,
  repository: Repository,
  branch: Branch,
  optionalBranch: optional(Branch),
  optionalCommit: optional(Commit),
  optionalText: optional(Type.String({ minLength: 1, maxLength: 2048 })),
  optionalFlag: optional(Type.Boolean()),
  optionalNumber: optional(Type.Integer({ minimum: 1, maximum: 999_999_999 })),
  optionalNames: optional(Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { maxItems: 100 })),
  /** Query of every list. */
  page: {
    limit: Type.Integer({
      minimum: 1,
      maximum: 200,
      default: 50,
      description: 'Maximum number of items. Default: 50.',
    }),
    cursor: Type.String({ minLength: 1, maxLength: 1024, description: '`nextCursor` of the page before.' }),
  },
} as const;

/** Query of a list: `limit`, `cursor`, and filters. */
export const PageQuery = Type.Object({
  limit: Type.Optional(fields.page.limit),
  cursor: Type.Optional(fields.page.cursor),
});

/** Headers of a POST that starts something. */
export const KeyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'A call that comes again with its key is answered as before, and starts nothing.',
    }),
  ),
});

/** The Idempotency-Key of a call, or null. */
export const keyOf = (headers: Type.Static<typeof KeyHeaders>): string | null => headers['idempotency-key'] ?? null;

export const IdParams = Type.Object({ id: Type.String() });

/** Query of a call that may wait for an end. */
export const WaitQuery = Type.Object({
  wait: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 300,
      description: 'Seconds to wait for the end; the answer comes then, ended or not.',
    }),
  ),
});

/** Query of the log of a build or a deployment. */
export const LogQuery = Type.Object({
  follow: Type.Optional(Type.Boolean({ description: 'Go on until the end.' })),
  from: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 2_147_483_647,
      description: 'Number of the chunk to begin with. Default: 0, the first one.',
    }),
  ),
  format: Type.Optional(
    Type.Enum(['text', 'chunks'], {
      description:
        '`text` (default): the text alone. `chunks`: one JSON object a line, `{"number", "at", "step", "text"}`: when it was written, and by ' +
        'which step (index in `steps`). Null: it is not known, or no step wrote it.',
    }),
  ),
});

export const ServiceParams = Type.Object({ service: Type.String() });

/** A page's size and place with defaults. */
export function pageRequest(query: { limit?: number; cursor?: string }): { limit: number; cursor: string | null } {
  return { limit: query.limit ?? 50, cursor: query.cursor ?? null };
}
