import { Composer, isAlias, isMap, isScalar, isSeq, LineCounter, type Document, type Pair } from 'yaml';
import type { ParsedNode, Scalar as YamlScalar, YAMLMap } from 'yaml';
import type { Place } from '../model/run-file.js';
import { quoted, type Findings } from './faults.js';
import { listOf, mapOf, textAt, type Entry, type Mapping, type MergeTag, type Node, type Scalar } from './node.js';
import { readPlain } from './plain-scalar.js';
import { nestsTooDeep, tokensOf } from './nesting.js';

/** Bytes of one run file. */
export const MAX_RUN_FILE_BYTES = 256 * 1024;
/** Values of one run file, with what its aliases stand for. */
const MAX_NODES = 10_000;
/** Levels of one run file, with what its aliases stand for. */
export const MAX_LEVELS = 32;

/** Our own wording: the parser's messages quote the file, which may be long or meant to confuse. */
const messages: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'An alias takes no anchor and no tag.',
  BAD_ALIAS: 'An alias names no anchor.',
  BAD_INDENT: 'The indentation is wrong, or a bracket is not closed.',
  BLOCK_AS_IMPLICIT_KEY: 'A list or mapping stands where a value has to be; check the indentation.',
  MISSING_CHAR: 'A character is missing, such as a quote, comma or colon.',
  MULTILINE_IMPLICIT_KEY: 'A key, or what is taken for one, spans lines.',
  TAB_AS_INDENT: 'A tab is used for indentation; use spaces.',
  UNEXPECTED_TOKEN: 'Something stands here that YAML does not allow.',
};

interface Sized {
  readonly node: Node;
  readonly size: number;
  readonly levels: number;
}

/** The text of a run file, or null with a fault. */
export function decodeRunFile(bytes: Uint8Array, file: string, findings: Findings): string | null {
  const place = { file, line: 1, column: 1 };
  if (bytes.length > MAX_RUN_FILE_BYTES) {
    findings.fault(place, `The file is larger than ${MAX_RUN_FILE_BYTES / 1024} KiB.`);
    return null;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    findings.fault(place, 'The file is not UTF-8.');
    return null;
  }
}

/** Reads YAML as Compose does. Null, with faults, if the text is no mapping. An empty file is an empty mapping. Never throws. */
export function readDocument(text: string, file: string, findings: Findings): Mapping | null {
  const start = { file, line: 1, column: 1 };
  const lines = new LineCounter();
  const tokens = tokensOf(text, lines);
  if (tokens === null) {
    findings.fault(start, 'The file has more parts than a run file needs.');
    return null;
  }
  if (nestsTooDeep(tokens, MAX_LEVELS)) {
    findings.fault(start, `The file nests deeper than ${MAX_LEVELS} levels.`);
    return null;
  }
  const options = { schema: 'failsafe', version: '1.2', uniqueKeys: false, merge: false } as const;
  const [document, ...more] = [...new Composer<ParsedNode>(options).compose(tokens, true, text.length)];
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (more[0] !== undefined) {
    findings.fault(placeAt(more[0].range[0]), 'There is more than one document; keep one.');
    return null;
  }
  const errors = document?.errors ?? [];
  for (const { code, pos } of errors)
    findings.fault(placeAt(pos[0]), messages[code] ?? `This is not valid YAML (${code}).`);
  if (document === undefined || errors.length > 0) return null;
  return rootOf(document, new Reader(placeAt, findings), start, findings);
}

function rootOf(
  document: Document.Parsed<ParsedNode>,
  reader: Reader,
  start: Place,
  findings: Findings,
): Mapping | null {
  const { contents } = document;
  const empty = contents === null || (isScalar(contents) && contents.source === '' && !contents.anchor);
  if (empty) return mapOf(new Map(), { place: start, tag: null });
  const root = reader.read(contents)?.node;
  if (root === undefined) return null;
  if (root.kind === 'map') return root;
  findings.fault(root.place, 'The file has to be a mapping with the key `services`.');
  return null;
}

/** Turns the parser's nodes into ours: aliases and `<<` resolved, plain scalars typed, tags understood. */
class Reader {
  /** Null while the node is read that has the anchor. */
  readonly #anchors = new Map<string, Sized | null>();
  #tooLarge = false;

  constructor(
    private readonly placeAt: (offset: number) => Place,
    private readonly findings: Findings,
  ) {}

  /** Undefined, with a fault, if the node has no meaning here. */
  read(node: ParsedNode): Sized | undefined {
    const place = this.placeAt(node.range[0]);
    if (isAlias(node)) return this.#alias(node.source, place);
    const { anchor } = node;
    if (anchor !== undefined) this.#anchors.set(anchor, null);
    const read = this.#bounded(this.#parts(node, place), place);
    if (anchor !== undefined && read !== undefined) this.#anchors.set(anchor, read);
    return read;
  }

  #parts(node: Exclude<ParsedNode, { source: string; type?: undefined }>, place: Place): Sized | undefined {
    const tag = this.#tag(node.tag, place);
    if (isScalar(node)) {
      const scalar = this.#scalar(node as YamlScalar.Parsed, place, tag === 'text');
      return { node: { ...scalar, tag: tag === 'text' ? null : tag }, size: 1, levels: 1 };
    }
    const common = { place, tag: tag === 'text' ? null : tag };
    if (isSeq(node)) {
      const items = (node.items as ParsedNode[]).flatMap((item) => this.read(item) ?? []);
      return {
        node: listOf(
          items.map((item) => item.node),
          common,
        ),
        ...this.#measure(items),
      };
    }
    if (isMap(node)) return this.#map(node as YAMLMap.Parsed, common);
    return undefined;
  }

  #tag(tag: string | undefined, place: Place): MergeTag | 'text' {
    if (tag === '!reset') return 'reset';
    if (tag === '!override') return 'override';
    if (tag === 'tag:yaml.org,2002:str') return 'text';
    if (tag !== undefined && !/^tag:yaml\.org,2002:(map|seq)$/.test(tag)) {
      this.findings.fault(
        place,
        `The tag ${quoted(tag)} is not supported; there are \`!reset\`, \`!override\` and \`!!str\`.`,
      );
    }
    return null;
  }

  #scalar(node: YamlScalar.Parsed, place: Place, asText: boolean): Scalar {
    const text = String(node.value);
    if (text.includes('\0')) this.findings.fault(place, 'No value may contain a NUL character.');
    if (asText || node.type !== 'PLAIN') return textAt(text, place);
    const plain = readPlain(text);
    if (plain === 'odd') {
      this.findings.fault(
        place,
        `${quoted(text)} is a date or no finite number in YAML; put it in quotes if it is a text.`,
      );
      return textAt(text, place);
    }
    const source = plain.type === 'null' || plain.text === text ? null : text;
    return { ...textAt(plain.text, place), type: plain.type, source };
  }

  #map(node: YAMLMap.Parsed, common: { place: Place; tag: MergeTag }): Sized {
    const entries = new Map<string, Entry>();
    const merged: Sized[] = [];
    const values: Sized[] = [];
    for (const pair of node.items as Pair<ParsedNode, ParsedNode | null>[]) {
      const place = this.placeAt(pair.key.range[0]);
      const key = this.#key(pair.key, place);
      if (key === null) continue;
      const value = pair.value === null ? this.#nothing(place) : this.read(pair.value);
      if (value === undefined) continue;
      if (key === '<<') merged.push(...this.#mergedMaps(value, place));
      else if (entries.has(key)) this.findings.fault(place, `The key ${quoted(key)} appears twice.`);
      else entries.set(key, { place, value: value.node });
      values.push(value);
    }
    for (const { node: source } of merged) {
      if (source.kind !== 'map') continue;
      for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry);
    }
    return { node: mapOf(entries, common), ...this.#measure([...values, ...merged]) };
  }

  #nothing(place: Place): Sized {
    return { node: { ...textAt('', place), type: 'null' }, size: 1, levels: 1 };
  }

  #key(node: ParsedNode, place: Place): string | null {
    if (isScalar(node)) {
      if (node.anchor !== undefined || node.tag !== undefined)
        this.findings.fault(place, 'A key takes no anchor and no tag.');
      return String(node.value);
    }
    this.findings.fault(place, 'A key has to be a plain text.');
    return null;
  }

  /** The mappings that `<<` brings in, the most important first. */
  #mergedMaps(value: Sized, place: Place): Sized[] {
    const nodes = value.node.kind === 'list' ? value.node.items : [value.node];
    if (nodes.every(({ kind }) => kind === 'map')) return nodes.map((node) => ({ ...value, node }));
    this.findings.fault(place, '`<<` takes an alias of a mapping, or a list of such aliases.');
    return [];
  }

  #alias(name: string, place: Place): Sized | undefined {
    const target = this.#anchors.get(name);
    if (target) return target;
    const message =
      target === null
        ? `The alias ${quoted(name)} stands inside of what it names.`
        : `No anchor before this alias is called ${quoted(name)}.`;
    this.findings.fault(place, message);
    return undefined;
  }

  #measure(parts: readonly Sized[]): { size: number; levels: number } {
    const size = parts.reduce((total, part) => total + part.size, 1);
    return { size, levels: parts.reduce((most, part) => Math.max(most, part.levels), 0) + 1 };
  }

  /** Only the first excess is a fault: what lies around it is in excess too. */
  #bounded(read: Sized | undefined, place: Place): Sized | undefined {
    if (read === undefined || (read.size <= MAX_NODES && read.levels <= MAX_LEVELS)) return read;
    if (!this.#tooLarge) {
      const what = read.size > MAX_NODES ? `more than ${MAX_NODES} values` : `more than ${MAX_LEVELS} levels`;
      this.findings.fault(place, `This is ${what}, with what its aliases stand for.`);
    }
    this.#tooLarge = true;
    return undefined;
  }
}
