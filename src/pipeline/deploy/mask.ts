import type { KeptSpecification } from '../../model/deployment.js';
import type { Variables } from '../../model/run-file.js';

/** Shorter values are too likely to be part of other words. */
const MIN_CHARACTERS = 4;

/** Removes secrets from a text. It only catches accidents: a secret that is encoded is not recognised. */
export type Mask = (text: string) => string;

/** Hides the secret values of a specification, and the contents of the variables that they were made of. */
export function maskOf(
  { parameters, verify, secretVerifyKeys }: KeptSpecification,
  variables: readonly Variables[],
): Mask {
  const values = Object.values(parameters.environment).flatMap(({ value, secret }) => (secret ? [value] : []));
  const ofVariables = variables.flatMap((some) =>
    [...some.values()].flatMap(({ value, secret, parts = [] }) => (secret ? [value, ...parts] : [])),
  );
  const ofVerify = secretVerifyKeys.flatMap((key) => textsOf(verify?.[key]));
  const lines = [...values, ...ofVariables, ...ofVerify].flatMap((value) => value.split(/\r?\n/));
  // The longest first, or parts of a secret that contains another would stay.
  const hidden = [...new Set(lines.map((line) => line.trim()))]
    .filter((line) => line.length >= MIN_CHARACTERS)
    .sort((a, b) => b.length - a.length);
  return (text) => hidden.reduce((masked, line) => masked.replaceAll(line, '***'), text);
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
