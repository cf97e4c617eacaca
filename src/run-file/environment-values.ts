import type { EnvironmentValue } from '../model/parameters.js';
import type { Variables } from '../model/run-file.js';
import { nearName } from '../near-names.js';
import type { Fields } from './fields.js';
import { isNull, type Entry } from './node.js';

/** How a run file writes a text without variables. */
export const escapeDollars = (text: string): string => text.replaceAll('$', () => '$$');

/** Reads `environment`. A name without a value takes the variable of that name. */
export function readEnvironment(
  fields: Fields,
  variables: Variables,
  setting: string,
): Record<string, EnvironmentValue> {
  const values: [string, EnvironmentValue][] = [];
  for (const entry of fields.entries('environment')) {
    const { name, place } = entry;
    if (!/^[^\s=\0]+$/.test(name)) {
      fields.fault(place, 'The name of an environment variable has neither blanks nor `=`, and is not empty.');
      continue;
    }
    const value = valueOfEntry(entry, fields, variables, setting);
    if (value !== null) values.push([name, value]);
  }
  return Object.fromEntries(values);
}

function valueOfEntry(
  { name, value, place }: Entry & { readonly name: string },
  fields: Fields,
  variables: Variables,
  setting: string,
): EnvironmentValue | null {
  if (value.kind !== 'scalar') return null;
  fields.warnOfNumber(value);
  if (!isNull(value)) {
    return { value: value.text, secret: value.template !== null, written: value.template ?? escapeDollars(value.text) };
  }
  const variable = variables.get(name);
  if (variable !== undefined) {
    const { value: text, secret } = variable;
    return { value: text, secret, written: secret ? `\${${name}}` : escapeDollars(text) };
  }
  const near = nearName(name, [...variables.keys()]);
  const hint = near === null ? '' : ` Did you mean \`${near}\`?`;
  fields.findings.fault(place, `The variable \`${name}\` is not set.${hint}`, {
    code: 'variable-missing',
    setting: `${setting}.${name}`,
  });
  return null;
}
