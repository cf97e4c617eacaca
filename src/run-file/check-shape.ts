import { nearName } from '../near-names.js';
import type { Place } from '../model/run-file.js';
import { quoted, type Findings } from './faults.js';
import { isNull, listOf, mapOf, type Entry, type Mapping, type Node } from './node.js';
import type { Key, Shape } from './shapes.js';

/**
 * Compares one file with the shape of run files. Returns what fits, so that the rest is checked further; what does not fit is a fault. Tags
 * of a merge stay: what is only reset may have any value.
 */
export function checkShape(node: Node, shape: Shape, findings: Findings, name = 'This'): Node | null {
  if (node.tag === 'reset') return node;
  switch (shape.kind) {
    case 'anything':
      return node;
    case 'scalar':
      return asScalar(node, findings, name, 'a single value');
    case 'scalarOrList':
      return node.kind === 'list'
        ? listOf(
            fitting(node.items, (item) => asScalar(item, findings, name, 'a list of single values')),
            node,
          )
        : asScalar(node, findings, name, 'a single value or a list');
    case 'list':
      if (node.kind === 'list')
        return listOf(
          fitting(node.items, (item) => checkShape(item, shape.of, findings, `Each entry of ${name}`)),
          node,
        );
      return refused(node, findings, `${name} has to be a list.`);
    case 'keyValues':
      return asKeyValues(node, findings, name);
    case 'shortOrLong':
      return node.kind === 'map'
        ? checkShape(node, shape.long, findings, name)
        : asScalar(node, findings, name, 'a single value or a mapping');
    case 'named':
      if (node.kind === 'map') return entriesOf(node, (key, entry) => checkNamed(key, entry, shape.of, findings));
      return refused(node, findings, `${name} has to be a mapping.`);
    case 'keys':
      if (node.kind === 'map') return entriesOf(node, (key, entry) => checkKey(key, entry, shape, findings));
      return refused(node, findings, `${name} has to be a mapping.`);
  }
}

const fitting = (items: readonly Node[], check: (item: Node) => Node | null): Node[] =>
  items.flatMap((item) => check(item) ?? []);

function entriesOf(node: Mapping, check: (key: string, entry: Entry) => Node | null): Mapping {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    const value = check(key, entry);
    if (value !== null) entries.set(key, { ...entry, value });
  }
  return mapOf(entries, node);
}

function checkNamed(key: string, { place, value }: Entry, shape: Shape, findings: Findings): Node | null {
  // `data:` alone declares a volume; a service without keys takes every default.
  if (isNull(value) && shape.kind === 'keys') return mapOf(new Map(), value);
  return notNull(value, place, findings, quoted(key)) ? checkShape(value, shape, findings, quoted(key)) : null;
}

function checkKey(key: string, entry: Entry, shape: Shape & { kind: 'keys' }, findings: Findings): Node | null {
  const known: Key | undefined = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
  if (known === undefined) return checkUnknown(key, entry, shape, findings);
  const { value, place } = entry;
  if (known.nullable === true && isNull(value)) return value;
  return notNull(value, place, findings, `\`${key}\``) ? checkShape(value, known.shape, findings, `\`${key}\``) : null;
}

function checkUnknown(
  key: string,
  { place, value }: Entry,
  shape: Shape & { kind: 'keys' },
  findings: Findings,
): Node | null {
  const advice = adviceOn(key, shape);
  if (advice !== '') return refused({ place }, findings, `\`${key}\` is not supported.${advice}`);
  if (shape.open === true && key.startsWith('x-')) return value;
  const near = nearName(key, [...Object.keys(shape.keys), ...Object.keys(shape.refused ?? {})]);
  const hint = near === null ? 'Remove it.' : `Did you mean \`${near}\`?${adviceOn(near, shape)}`;
  return refused({ place }, findings, `The key ${quoted(key)} is unknown here. ${hint}`);
}

/** What to do instead of a key that is not taken, as one more sentence. Empty for other keys. */
function adviceOn(key: string, { refused: keys }: Shape & { kind: 'keys' }): string {
  return keys !== undefined && Object.hasOwn(keys, key) ? ` ${keys[key]}` : '';
}

/** `KEY:` without a value is neither a default nor a reset. */
function notNull(value: Node, place: Place, findings: Findings, name: string): boolean {
  if (!isNull(value) || value.tag !== null) return true;
  findings.fault(place, `${name} has no value. Give it one, or remove the key.`);
  return false;
}

function asScalar(node: Node, findings: Findings, name: string, wanted: string): Node | null {
  if (node.kind === 'scalar' && (node.type !== 'null' || node.tag !== null)) return node;
  return refused(node, findings, `${name} has to be ${wanted}.`);
}

function asKeyValues(node: Node, findings: Findings, name: string): Node | null {
  if (node.kind === 'list')
    return listOf(
      fitting(node.items, (item) => asScalar(item, findings, name, 'a list of `NAME=value`')),
      node,
    );
  if (node.kind !== 'map') return refused(node, findings, `${name} has to be a mapping or a list of \`NAME=value\`.`);
  return entriesOf(node, (key, { value }) =>
    isNull(value) ? value : value.tag === 'reset' ? value : asScalar(value, findings, quoted(key), 'a single value'),
  );
}

function refused({ place }: { readonly place: Place }, findings: Findings, message: string): null {
  findings.fault(place, message);
  return null;
}
