import type { KeptSpecification } from '../model/deployment.js';
import type { EnvironmentValue } from '../model/parameters.js';
import type { Variables, Verify } from '../model/run-file.js';

/** A shorter secret is not hidden: it is too likely to be part of other words. */
export const MIN_SECRET_CHARACTERS = 4;

/** What may hold secrets. */
export interface SecretSources {
  /** Of environments and services, as they are configured now. */
  readonly variables: readonly Variables[];
  /** What containers are created from. */
  readonly specifications: readonly KeptSpecification[];
  /** How a service is asked for its version, besides what the specifications say. Default: null. */
  readonly verify?: Pick<KeptSpecification, 'verify' | 'secretVerifyKeys'> | null;
}

/** Every secret text of the sources, and the parts that it was made of, which may be printed by themselves. */
export function secretTexts({ variables, specifications, verify = null }: SecretSources): ReadonlySet<string> {
  return new Set([
    ...variables.flatMap(ofVariables),
    ...(verify === null ? [] : ofVerify(verify)),
    ...specifications.flatMap((specification) => [
      ...Object.values(specification.parameters.environment).flatMap(ofValue),
      ...ofVerify(specification),
    ]),
  ]);
}

const ofVariables = (variables: Variables): readonly string[] =>
  [...variables.values()].filter(({ secret }) => secret).flatMap(({ value, parts = [] }) => [value, ...parts]);

function ofVerify({
  verify,
  secretVerifyKeys,
}: {
  readonly verify: Verify | null;
  readonly secretVerifyKeys: readonly (keyof Verify)[];
}): readonly string[] {
  return secretVerifyKeys.flatMap((key) => {
    const value = verify?.[key];
    if (value === undefined) return [];
    return typeof value === 'object' ? Object.values(value) : [String(value)];
  });
}

/** The whole value, and what stands there instead of each `${NAME}` of the run file. */
function ofValue({ value, secret, written }: EnvironmentValue): readonly string[] {
  if (!secret) return [];
  const plain = written.split(/\$\{\w+\}/).map((piece) => piece.replaceAll('$$', () => '$'));
  const parts: string[] = [];
  let from = plain[0]?.length ?? 0;
  for (const [at, piece] of plain.slice(1).entries()) {
    const isLast = at === plain.length - 2;
    const to = isLast ? value.length - piece.length : value.indexOf(piece, from);
    if (to < from) break;
    parts.push(value.slice(from, to));
    from = to + piece.length;
  }
  return [value, ...parts];
}
