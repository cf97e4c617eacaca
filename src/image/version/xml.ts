/** An element of an XML document, reduced to what the version of a pom.xml needs (no namespaces, attributes or DTD). */
export interface XmlElement {
  readonly name: string;
  readonly children: XmlElement[];
  /** Character data directly inside, with references decoded. */
  text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decode = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,20}));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );

/** The sections of a document by their beginning and end. Longer beginnings come first. */
const sections: readonly { readonly begin: string; readonly end: string; readonly isText: boolean }[] = [
  { begin: '<!--', end: '-->', isText: false },
  { begin: '<![CDATA[', end: ']]>', isText: true },
  { begin: '<?', end: '?>', isText: false },
  { begin: '<!', end: '>', isText: false },
];

/** Position of the `>` that ends a tag, skipping quoted attributes; of the next `<` if the tag is broken; -1 at the end. */
function endOfTag(document: string, from: number): number {
  for (let at = from; at < document.length; at += 1) {
    const character = document[at];
    if (character === '>' || character === '<') return at;
    if (character !== '"' && character !== "'") continue;
    at = document.indexOf(character, at + 1);
    if (at < 0) return -1;
  }
  return -1;
}

/** No pom.xml nests so deep. Deeper elements count as empty, which bounds the cost of unmatched end tags. */
const deepest = 200;

/** Open elements from the document itself (without a name) to the innermost. */
class Outline {
  readonly top: XmlElement = { name: '', children: [], text: '' };
  #open: XmlElement[] = [this.top];

  write(text: string): void {
    const inside = this.#open.at(-1) ?? this.top;
    inside.text += text;
  }

  /** `tag` is the text between `<` and `>`. */
  tag(tag: string): void {
    const name = /^\/?([^\s/]*)/.exec(tag)?.[1] ?? '';
    if (tag.startsWith('/')) return this.#close(name);
    const element: XmlElement = { name, children: [], text: '' };
    this.#open.at(-1)?.children.push(element);
    if (!tag.endsWith('/') && this.#open.length < deepest) this.#open.push(element);
  }

  #close(name: string): void {
    const at = this.#open.findLastIndex((element) => element.name === name);
    if (at > 0) this.#open.length = at;
  }
}

/**
 * A tolerant, linear scan of XML 1.0 (https://www.w3.org/TR/xml/). Returns the document element or null. An end tag closes the nearest open
 * element of its name, and unclosed elements end with the document. References are decoded. Comments, instructions and declarations are
 * skipped. Entities that the document defines stay as they are.
 */
export function scanXml(document: string): XmlElement | null {
  const outline = new Outline();
  for (let at = 0; at >= 0 && at < document.length;) {
    const next = document.indexOf('<', at);
    outline.write(decode(document.slice(at, next < 0 ? document.length : next)));
    if (next < 0) break;
    at = scanMarkup(document, next, outline);
  }
  return outline.top.children[0] ?? null;
}

/** Reads the markup that begins at `start`. Returns the position after it, or -1 if the document ends first. */
function scanMarkup(document: string, start: number, outline: Outline): number {
  const section = sections.find(({ begin }) => document.startsWith(begin, start));
  if (section !== undefined) {
    const from = start + section.begin.length;
    const end = document.indexOf(section.end, from);
    if (end >= 0 && section.isText) outline.write(document.slice(from, end));
    return end < 0 ? -1 : end + section.end.length;
  }
  const end = endOfTag(document, start + 1);
  if (end < 0 || document[end] === '<') return end;
  outline.tag(document.slice(start + 1, end));
  return end + 1;
}

/** The trimmed text at a path of element names. Null if there is no such element or it is empty. */
export function xmlText(element: XmlElement | null, ...path: readonly string[]): string | null {
  const found = path.reduce<XmlElement | null>(
    (at, name) => at?.children.find((child) => child.name === name) ?? null,
    element,
  );
  const text = found?.text.trim() ?? '';
  return text === '' ? null : text;
}
