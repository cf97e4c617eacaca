import type { DeploySettings, Environment } from '../model/environment.js';
import type { KeptSpecification } from '../model/deployment.js';
import type { EnvironmentValue } from '../model/parameters.js';
import type { Variables, Verify } from '../model/run-file.js';

/** What a service may print that nobody may read. */
export interface SecretSources {
  /** The environment as it is configured now. */
  readonly environment: Environment;
  /** Likewise the service. Null: it is not in the configuration any more. */
  readonly deploy: DeploySettings | null;
  /** What its containers are created from. */
  readonly specifications: readonly KeptSpecification[];
}

/** Every secret text of the sources. */
export function logSecrets({ environment, deploy, specifications }: SecretSources): ReadonlySet<string> {
  const own = deploy?.variables.get(environment.name)?.reveal();
  return new Set([
    ...ofVariables(environment.variables.reveal()),
    ...(own === undefined ? [] : ofVariables(own)),
    ...(deploy === null ? [] : ofVerify(deploy.verify?.reveal() ?? null, deploy.secretVerifyKeys)),
    ...specifications.flatMap(({ parameters, verify, secretVerifyKeys }) => [
      ...Object.values(parameters.environment).flatMap(ofValue),
      ...ofVerify(verify, secretVerifyKeys),
    ]),
  ]);
}

const ofVariables = (variables: Variables): readonly string[] =>
  [...variables.values()].filter(({ secret }) => secret).flatMap(({ value, parts = [] }) => [value, ...parts]);

function ofVerify(verify: Verify | null, keys: readonly (keyof Verify)[]): readonly string[] {
  return keys.flatMap((key) => {
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
