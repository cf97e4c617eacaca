import Type from 'typebox';
import { schemas } from './schemas.js';

/** Fields of requests that several routes take. An optional field may be left out or null. */
const optional = <T extends Type.TSchema>(schema: T) => Type.Optional(schemas.nullable(schema));

/** A git ref's short name; what git allows is git's to say, control characters are refused here. */
const Branch = Type.String({ minLength: 1, maxLength: 1024, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });
/** A word that is no commit's id is answered as a commit that does not exist; what might be an option of git is refused. */
const Commit = Type.String({
  pattern: '^[0-9A-Za-z][0-9A-Za-z._/-]{0,255}$',
  description: 'Commit id, full or abbreviated.',
});

export const fields = {
  branch: Branch,
  optionalBranch: optional(Branch),
  optionalCommit: optional(Commit),
  optionalText: optional(Type.String({ minLength: 1, maxLength: 2048 })),
  optionalFlag: optional(Type.Boolean()),
  /** Query of every list. */
  page: {
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'At most so many, 50 if not given.' }),
    cursor: Type.String({ minLength: 1, maxLength: 1024, description: '`nextCursor` of the page before.' }),
  },
} as const;

/** Query of a list: `limit` and `cursor`, and whatever else the list can be narrowed by. */
export const PageQuery = Type.Object({
  limit: Type.Optional(fields.page.limit),
  cursor: Type.Optional(fields.page.cursor),
});

/** Path of one thing that has an id. */
export const IdParams = Type.Object({ id: Type.String() });

/** Path of one service. */
export const ServiceParams = Type.Object({ service: Type.String() });

/** A page's size and place with the defaults filled in. */
export function pageRequest(query: { limit?: number; cursor?: string }): { limit: number; cursor: string | null } {
  return { limit: query.limit ?? 50, cursor: query.cursor ?? null };
}
