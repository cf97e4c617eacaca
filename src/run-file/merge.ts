import { quoted, type Findings } from './faults.js';
import { splitAtEquals } from './interpolate.js';
import { mountKey } from './mounts.js';
import { isNull, listOf, mapOf, textAt, type Entry, type Mapping, type Node, type Scalar } from './node.js';
import { portKey } from './ports.js';

/**
 * Merges a file over another by Compose's rules: mappings by key, lists appended, with exceptions below. `!reset` removes what the base has,
 * `!override` replaces it. The result has no tags; `environment`, `labels` and `sysctls` are mappings in it.
 */
export function merge(base: Mapping, overlay: Mapping, findings: Findings): Mapping {
  const kept = settle(withoutReplaced(base, overlay, findings));
  return settle(mergeMaps(kept, settle(overlay), [], findings));
}

/** A file that nothing is merged over, in the form that `merge` returns. */
export const settle = (root: Mapping): Mapping => settledMap(root, []);

/** Drops from the base what the overlay resets or overrides. */
function withoutReplaced(base: Mapping, overlay: Mapping, findings: Findings): Mapping {
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, { value }] of overlay.entries) {
    const before = entries.get(key);
    if (before === undefined) continue;
    if (value.tag !== null) entries.delete(key);
    else if (before.value.kind === 'map' && value.kind === 'map') {
      entries.set(key, { ...before, value: withoutReplaced(before.value, value, findings) });
    } else if (before.value.kind === 'list' && value.kind === 'map') warnOfLists(value, findings);
  }
  return mapOf(entries, base);
}

/** As in Compose, a name of a list cannot be reset. */
function warnOfLists({ entries }: Mapping, findings: Findings): void {
  for (const { value } of entries.values()) {
    if (value.tag !== 'reset') continue;
    findings.warning(value.place, '`!reset` has no effect here, for the file below has a list; write a mapping there.');
  }
}

/** Without tags and what is reset, with every list of unique entries made unique. */
function settledMap(node: Mapping, path: readonly string[]): Mapping {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    if (entry.value.tag !== 'reset') entries.set(key, { ...entry, value: settledNode(entry.value, [...path, key]) });
  }
  return mapOf(entries, { place: node.place, tag: null });
}

function settledNode(node: Node, path: readonly string[]): Node {
  if (isKeyed(path)) return asMap(node);
  if (node.kind === 'map') return settledMap(node, path);
  if (node.kind === 'scalar') return node.tag === null ? node : { ...node, tag: null };
  const items = node.items.filter(({ tag }) => tag !== 'reset').map((item) => settledNode(item, [...path, '[]']));
  const keyOf = uniqueBy[serviceKey(path) ?? ''];
  return listOf(keyOf === undefined ? items : unique(items, keyOf), { place: node.place, tag: null });
}

type KeyOf = (item: Node) => string | null;

/** A later entry takes the place of an earlier one with the same key. */
function unique(items: readonly Node[], keyOf: KeyOf): readonly Node[] {
  const kept = new Map<string, Node>();
  items.forEach((item, at) => kept.set(keyOf(item) ?? `\0${at}`, item));
  return [...kept.values()];
}

const beforeEquals = (item: Node): string | null => (item.kind === 'scalar' ? splitAtEquals(item.text).name : null);

const wholeText = (item: Node): string | null => (item.kind === 'scalar' ? item.text : null);

const uniqueBy: Readonly<Record<string, KeyOf>> = {
  cap_add: beforeEquals,
  cap_drop: beforeEquals,
  dns: beforeEquals,
  extra_hosts: wholeText,
  ports: portKey,
  tmpfs: beforeEquals,
  volumes: mountKey,
};

/** The key of a service that a path leads to, or null. */
const serviceKey = (path: readonly string[]): string | null =>
  path.length === 3 && path[0] === 'services' ? (path[2] ?? null) : null;

const isKeyed = (path: readonly string[]): boolean =>
  ['environment', 'labels', 'sysctls'].includes(serviceKey(path) ?? '');
const isSequence = (path: readonly string[]): boolean =>
  ['dns', 'extra_hosts', 'tmpfs'].includes(serviceKey(path) ?? '');

function replaces(path: readonly string[]): boolean {
  const [top, , key, below] = path;
  if (path.at(-1)?.startsWith('x-') === true) return true;
  if (top !== 'services') return false;
  if (path.length === 3) return key === 'command' || key === 'entrypoint';
  return path.length === 4 && (key === 'ulimits' || (key === 'healthcheck' && below === 'test'));
}

function mergeMaps(base: Mapping, overlay: Mapping, path: readonly string[], findings: Findings): Mapping {
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of overlay.entries) {
    const before = entries.get(key);
    if (before === undefined) entries.set(key, entry);
    else entries.set(key, { ...entry, value: mergeNodes(before.value, entry.value, [...path, key], findings) });
  }
  return mapOf(entries, base);
}

function mergeNodes(base: Node, overlay: Node, path: readonly string[], findings: Findings): Node {
  if (replaces(path)) return overlay;
  if (isSequence(path)) return listOf([...asItems(base), ...asItems(overlay)], overlay);
  if (base.kind === 'map' && overlay.kind === 'map') {
    if (serviceKey(path) === 'logging' && otherDriver(base, overlay)) return overlay;
    return mergeMaps(base, overlay, path, findings);
  }
  if (base.kind === 'list' && overlay.kind === 'list') return listOf([...base.items, ...overlay.items], overlay);
  if (base.kind === overlay.kind || isKeyed(path)) return overlay;
  const name = quoted(path.at(-1) ?? '');
  findings.fault(
    overlay.place,
    `${name} is a ${words[base.kind]} in the file below and a ${words[overlay.kind]} here; write \`!override\` to replace it.`,
  );
  return base;
}

const words = { scalar: 'single value', list: 'list', map: 'mapping' } as const;

/** Options are merged only if both files mean the same driver, or one does not say. */
function otherDriver(base: Mapping, overlay: Mapping): boolean {
  const [one, other] = [base, overlay].map(({ entries }) => entries.get('driver')?.value);
  return one?.kind === 'scalar' && other?.kind === 'scalar' && one.text !== other.text;
}

/** A list of single values in one of its three forms. */
function asItems(node: Node): readonly Node[] {
  if (node.kind === 'list') return node.items;
  if (node.kind === 'scalar') return [node];
  const pairs = [...node.entries].map(([key, { value, place }]) =>
    value.kind === 'scalar' && !isNull(value) ? textAt(`${key}=${value.text}`, value.place) : textAt(key, place),
  );
  return pairs.sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** `[NAME=value, NAME]` as a mapping, a name without a value as null. */
function asMap(node: Node): Mapping {
  if (node.kind === 'map') return settledMap(node, []);
  const items = node.kind === 'list' ? node.items : [];
  const entries = new Map<string, Entry>();
  for (const item of items) {
    if (item.kind === 'scalar' && item.tag !== 'reset')
      entries.set(splitAtEquals(item.text).name, { place: item.place, value: valueIn(item) });
  }
  return mapOf(entries, { place: node.place, tag: null });
}

function valueIn(item: Scalar): Scalar {
  const { value } = splitAtEquals(item.text);
  if (value === null) return { ...textAt('', item.place), type: 'null' };
  return textAt(value, item.place, item.template === null ? null : (splitAtEquals(item.template).value ?? ''));
}
