import type { Release } from '../model/release.js';
import type { RunFileWarning } from '../model/run-file.js';
import { printable } from '../printable.js';
import { write } from '../run-file/write.js';
import type { Wanted } from './request.js';
import type { Specification } from './specify.js';

/** Digits of a commit in a comment. */
const SHORT_COMMIT = 12;

/**
 * A specification as a Compose file: everything written out, the image by its digest, secrets as `${NAME}`. Comments at its top say what it
 * was made from, and what Compose needs besides.
 */
export function effectiveFile(
  { release, environment }: Wanted,
  { image, parameters, verify, secretVerifyKeys }: Specification,
  warnings: readonly RunFileWarning[],
): string {
  const { service, number, branch, commit } = release;
  const variables = [...new Set(Object.values(parameters.environment).flatMap(secretsIn))].sort();
  const comments = [
    `${service}, release ${number} (${branch}, ${commit.slice(0, SHORT_COMMIT)}), in ${environment.name}`,
    madeFrom(release, environment.name),
    ...(variables.length > 0 ? [`secret variables: ${variables.join(', ')}`] : []),
    ...secretVerifyKeys.map((key) => `\`verify.${key}\` is secret; services.${service}.deploy.verify has it`),
    ...warnings.map(({ file, line, column, message }) => `warning: ${file}:${line}:${column}: ${message}`),
  ];
  const shown = Object.entries(verify?.reveal() ?? {}).filter(([key]) => !secretVerifyKeys.some((one) => one === key));
  const written = { service, image, verify: shown.length === 0 ? null : Object.fromEntries(shown) };
  return `${comments.map((comment) => `# ${printable(comment)}\n`).join('')}${write(parameters, written)}`;
}

function madeFrom({ runFile: { source, path, commit, overlays } }: Release, environment: string): string {
  if (path === null) return 'no run file: everything has its default';
  const from = source === 'central' ? `the central ${path}` : path;
  const at = commit === null ? '' : ` at ${commit.slice(0, SHORT_COMMIT)}`;
  return `from ${from}${at}${overlays.includes(environment) ? `, with the overlay of ${environment}` : ''}`;
}

/** The names of the variables that a value is written with. A doubled dollar begins no name. */
function secretsIn({ written }: { readonly written: string }): readonly string[] {
  const names = written.replaceAll('$$', '').matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g);
  return [...names].flatMap(([, name]) => name ?? []);
}
