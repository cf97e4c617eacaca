import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Pair,
  type Scalar,
} from 'yaml';
import type { Fault } from './config.js';
import { placeOf } from './describe.js';
import { plainValue, VariableText, type PlainValue } from './variable-text.js';
import { isVariable, substitute, type Variables } from './variables.js';

/** Our own wording: the parser's messages quote the file, which may hold secrets. */
const messages: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'the same key appears twice',
  BAD_INDENT: 'the indentation is wrong, or a bracket is not closed',
  BAD_ALIAS: 'an alias names no anchor',
  MISSING_CHAR: 'a character is missing, such as a quote, comma or colon',
  MULTIPLE_DOCS: 'there is more than one document',
  MULTILINE_IMPLICIT_KEY: 'a key, or what is taken for one, spans lines',
  TAB_AS_INDENT: 'a tab is used for indentation',
  TAG_RESOLVE_FAILED: 'a tag is unknown',
};

/** Plain values with variables substituted. The value is null if the text is invalid or a key has no value. */
export interface ReadYaml extends PlainValue {
  readonly faults: readonly Fault[];
  /** Names of the environments in the order of the file: numbers would lose theirs in an object. */
  readonly environments: readonly string[];
}

const nothing = { ...plainValue(null), environments: [] };

/** Reads plain values, or reports what is wrong with the text. */
export function readYaml(text: string, variables: Variables): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, lineCounter: lines, uniqueKeys: true, merge: true });
  const broken = [...document.errors, ...document.warnings, ...danglingAliases(document)].map(
    ({ code, pos }): Fault => {
      const { line, col } = lines.linePos(pos[0]);
      return { path: `line ${line}, column ${col}`, message: messages[code] ?? `this is not valid YAML (${code})` };
    },
  );
  if (broken.length > 0) return { ...nothing, faults: broken };
  const faults = settle(document, variables);
  try {
    const plain = plainValue(document.toJS({ maxAliasCount: 1000 }) ?? {});
    return { ...plain, faults, environments: keysAt(document, 'environments') };
  } catch {
    // The parser gives up on aliases that expand without end.
    return { ...nothing, faults: [...faults, { path: '', message: 'aliases unfold to too much' }] };
  }
}

/** The parser finds these only when it creates plain values, and without a position. */
function danglingAliases(document: Document.Parsed): { code: string; pos: readonly [number] }[] {
  const found: { code: string; pos: readonly [number] }[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) === undefined) found.push({ code: 'BAD_ALIAS', pos: [alias.range?.[0] ?? 0] });
    },
  });
  return found;
}

/** Keys of a top-level mapping in their order, without merged ones. */
function keysAt(document: Document.Parsed, key: string): readonly string[] {
  const node = document.get(key, true);
  const map = isAlias(node) ? node.resolve(document) : node;
  return isMap(map) ? map.items.filter((pair) => !isMergeKey(pair)).map(keyText) : [];
}

function settle(document: Document.Parsed, variables: Variables): Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Pair(_key, pair, ancestors) {
      if (!isScalar(pair.value) || pair.value.value !== null) return undefined;
      const keys = keysOf([...ancestors, pair]);
      // An empty merge key merges nothing. A setting without a value does not hide a merged one.
      if (isMergeKey(pair) || isMerged(ancestors.at(-1))) return isOfUser(keys) ? undefined : visit.REMOVE;
      // `services.web:` takes every default.
      if (keys.length === 2 && keys[0] === 'services') pair.value = document.createNode({});
      return undefined;
    },
    Scalar(key, scalar, ancestors) {
      if (key === 'key') return;
      const keys = keysOf(ancestors, typeof key === 'number' ? key : undefined);
      if (typeof scalar.value === 'string') {
        const result = substitute(scalar.value, variables);
        const path = keys.reduce<string>(placeOf, '');
        faults.push(...result.faults.map((message) => ({ path, message })));
        scalar.value =
          result.contents.length === 0
            ? result.text
            : new VariableText(result.text, result.contents, isVariable(scalar.value));
      } else if (isText(keys)) scalar.value = asWritten(scalar);
    },
  });
  return faults;
}

/** `<<`, for which the parser puts a symbol. */
const isMergeKey = (pair: unknown): boolean => isPair(pair) && isScalar(pair.key) && typeof pair.key.value === 'symbol';

const isMerged = (map: unknown): boolean => isMap(map) && map.items.some(isMergeKey);

/** True for names that users choose: a build argument, a secret or a variable (but not a setting of a service called `secrets`). */
function isOfUser(keys: readonly (string | number)[]): boolean {
  const group = keys.at(-2);
  return (
    group === 'buildArgs' ||
    (group === 'secrets' && keys.length === (keys[0] === 'defaults' ? 3 : 4)) ||
    isVariableName(keys)
  );
}

/** `environments.E.variables.NAME` and `services.S.deploy.variables.E.NAME`. */
const isVariableName = (keys: readonly (string | number)[]): boolean =>
  keys[0] === 'environments'
    ? keys.length === 4 && keys[2] === 'variables'
    : keys[0] === 'services' && keys.length === 6 && keys[2] === 'deploy' && keys[3] === 'variables';

/** True if a number or truth value of YAML means its characters: `JAVA_VERSION: 1.10` is not 1.1. */
function isText(keys: readonly (string | number)[]): boolean {
  return isOfUser(keys) || (keys.at(-2) === 'version' && keys.at(-1) === 'value');
}

function asWritten(scalar: Scalar): unknown {
  return scalar.value === null ? null : (scalar.source ?? String(scalar.value));
}

/** The keys and indexes that lead to a node. */
function keysOf(nodes: readonly unknown[], last?: number): (string | number)[] {
  const keys: (string | number)[] = [];
  nodes.forEach((node, depth) => {
    const below = nodes[depth + 1];
    if (isPair(node)) keys.push(keyText(node));
    else if (isSeq(node) && below !== undefined) keys.push(node.items.indexOf(below));
  });
  return last === undefined ? keys : [...keys, last];
}

function keyText(pair: Pair): string {
  if (isScalar(pair.key)) return String(pair.key.value);
  return isAlias(pair.key) ? `*${pair.key.source}` : isMap(pair.key) || isSeq(pair.key) ? '?' : String(pair.key);
}
