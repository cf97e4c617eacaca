import type { Variables } from '../model/run-file.js';
import type { Findings } from './faults.js';
import { listOf, mapOf, textAt, type Entry, type Mapping, type Node, type Scalar } from './node.js';
import { createTemplateContext, expand, type TemplateContext } from './template.js';

interface Interpolation {
  readonly context: TemplateContext;
  readonly findings: Findings;
  /** Where the variables of an environment are set, for a missing one. */
  readonly setting: string;
}

/**
 * Puts variables into all values of a file; keys stay. Values that miss a variable or have a secret where none may be are left out, with a
 * fault. `setting`: where missing variables can be set.
 */
export function interpolate(root: Mapping, variables: Variables, setting: string, findings: Findings): Mapping {
  const interpolation = { context: createTemplateContext(variables), findings, setting };
  return visitMap(root, [], interpolation);
}

function visitMap(node: Mapping, path: readonly string[], interpolation: Interpolation): Mapping {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    const value = isFragment(key) ? entry.value : visit(entry.value, [...path, key], interpolation);
    if (value !== null) entries.set(key, { ...entry, value });
  }
  return mapOf(entries, node);
}

/** `x-…` has no effect where it stands. An alias of it counts where the alias is. */
const isFragment = (key: string): boolean => key.startsWith('x-') && key !== 'x-slipway';

function visit(node: Node, path: readonly string[], interpolation: Interpolation): Node | null {
  if (node.tag === 'reset') return node;
  if (node.kind === 'map') return visitMap(node, path, interpolation);
  if (node.kind === 'list')
    return listOf(
      node.items.flatMap((item) => visit(item, path, interpolation) ?? []),
      node,
    );
  return node.type === 'text' && node.text.includes('$') ? visitText(node, path, interpolation) : node;
}

function visitText(
  node: Scalar,
  path: readonly string[],
  { context, findings, setting }: Interpolation,
): Scalar | null {
  const secrets = new Set<string>();
  const { value, faults } = expand(node.text, context, secrets);
  for (const { code, message, variable } of faults) {
    findings.fault(node.place, message, variable === null ? { code } : { code, setting: `${setting}.${variable}` });
  }
  if (faults.length > 0) return null;
  const [secret] = secrets;
  if (secret !== undefined && !mayBeSecret(path, value.text, value.written)) {
    findings.fault(
      node.place,
      `The variable \`${secret}\` is a secret, and secrets may be used in values of \`environment\` alone.`,
    );
    return null;
  }
  return { ...textAt(value.text, node.place, value.secret ? value.written : null), tag: node.tag };
}

/** In the list form, the name before `=` is no value. */
function mayBeSecret(path: readonly string[], text: string, written: string): boolean {
  const [top, , key, ...names] = path;
  if (top !== 'services' || key !== 'environment') return false;
  return names.length === 1 || splitAtEquals(text).name === splitAtEquals(written).name;
}

/** `NAME=value` at its first `=`. Without one the value is null. */
export function splitAtEquals(text: string): { readonly name: string; readonly value: string | null } {
  const at = text.indexOf('=');
  return at === -1 ? { name: text, value: null } : { name: text.slice(0, at), value: text.slice(at + 1) };
}
