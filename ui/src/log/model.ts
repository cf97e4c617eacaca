/** One piece of a log as the API sends it (`format=chunks`). `step`: index in the list of steps. */
export interface Chunk {
  readonly number: number;
  readonly at: string | null;
  readonly step: number | null;
  readonly text: string;
}

/** Lines of one step, or lines between steps. Line numbers count from 1 in the whole log. */
export interface Section {
  readonly step: number | null;
  readonly lines: number[];
}

/** Colours and weights (SGR), the only escapes that the server leaves in a log. */
const colours = /\u001b\[[\d;:]*m/g;

/** The text of a line without its colours. */
export const plainText = (line: string): string => (line.includes('\u001b') ? line.replace(colours, '') : line);

/** A lone carriage return begins a line again (progress bars). The server writes it as an escape. */
const carriageReturn = /\r(?!$)|\\u000d(?!$)/g;

/** What remains of a line that was written over. */
export function overwritten(line: string): string {
  const whole = line.replace(/(?:\r|\\u000d)+$/, '');
  const parts = whole.split(carriageReturn);
  return parts.at(-1) ?? '';
}

/** A log as data: lines with their time and section. Knows nothing of the page. */
export class LogModel {
  /** The lines that are kept: all but the first `forgotten`. */
  readonly lines: string[] = [];
  readonly #times: (number | null)[] = [];
  #forgotten = 0;
  readonly sections: Section[] = [];
  /** Number of the chunk to ask for next. */
  next = 0;
  readonly #ofStep = new Map<number, Section>();
  readonly #sectionOfLine: Section[] = [];

  /** Adds a chunk. Returns the numbers of the new lines. A chunk that is there already adds nothing. */
  add({ number, at, step, text }: Chunk): readonly number[] {
    if (number < this.next) return [];
    this.next = number + 1;
    const section = this.#section(step);
    const time = at === null ? null : Date.parse(at);
    const added: number[] = [];
    for (const line of text.replace(/\n$/, '').split('\n')) {
      this.lines.push(overwritten(line));
      this.#times.push(time);
      this.#sectionOfLine.push(section);
      section.lines.push(this.length);
      added.push(this.length);
    }
    return added;
  }

  /** The number of the last line. */
  get length(): number {
    return this.#forgotten + this.lines.length;
  }

  /** How many lines at the beginning are not kept any more. */
  get forgotten(): number {
    return this.#forgotten;
  }

  line(number: number): string {
    return this.lines[number - 1 - this.#forgotten] ?? '';
  }

  /** Milliseconds since the epoch. */
  timeOf(number: number): number | null {
    return this.#times[number - 1 - this.#forgotten] ?? null;
  }

  sectionOf(number: number): Section | undefined {
    return this.#sectionOfLine[number - 1 - this.#forgotten];
  }

  /** Forgets lines at the beginning. The others keep their numbers. */
  forget(count: number): void {
    const forgotten = Math.min(count, this.lines.length);
    for (const list of [this.lines, this.#times, this.#sectionOfLine]) list.splice(0, forgotten);
    this.#forgotten += forgotten;
    for (const { lines } of this.sections) {
      const kept = lines.findIndex((number) => number > this.#forgotten);
      lines.splice(0, kept < 0 ? lines.length : kept);
    }
  }

  /** Lines of a step stand together, also if steps ran at the same time. Lines between steps stay where they came. */
  #section(step: number | null): Section {
    const last = this.sections.at(-1);
    const known = step === null ? (last?.step === null ? last : undefined) : this.#ofStep.get(step);
    if (known !== undefined) return known;
    const section: Section = { step, lines: [] };
    this.sections.push(section);
    if (step !== null) this.#ofStep.set(step, section);
    return section;
  }
}

/** Numbers of the lines with a text, all of them, and how often it occurs. An invalid expression finds nothing. */
export function findLines(
  model: LogModel,
  wanted: string,
  isExpression: boolean,
): { readonly lines: readonly number[]; readonly hits: number } {
  const expression = expressionOf(wanted, isExpression);
  if (expression === null) return { lines: [], hits: 0 };
  const lines: number[] = [];
  let hits = 0;
  model.lines.forEach((line, index) => {
    const count = plainText(line).match(expression)?.length ?? 0;
    if (count === 0) return;
    hits += count;
    lines.push(model.forgotten + index + 1);
  });
  return { lines, hits };
}

function expressionOf(wanted: string, isExpression: boolean): RegExp | null {
  if (wanted === '') return null;
  try {
    const expression = new RegExp(isExpression ? wanted : wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
    return expression.test('') ? null : expression;
  } catch {
    return null;
  }
}

/** Lines of an address: `#L17` or `#L17-L25`. */
export function rangeOf(hash: string): { readonly from: number; readonly to: number } | null {
  const [, from, to = from] = /^#L(\d{1,9})(?:-L(\d{1,9}))?$/.exec(hash) ?? [];
  if (from === undefined) return null;
  const [a, b] = [Number(from), Number(to)];
  return { from: Math.min(a, b), to: Math.max(a, b) };
}

const errorWords = /\b(?:error|fatal|failed|exception|cannot|not found)\b/i;

/** What an error quotes is looked for from this length on. */
const MIN_QUOTED = 3;

/** What an error says in quotation marks, and its lines. */
const quotedIn = (error: string): readonly string[] =>
  [...[...error.matchAll(/"([^"]+)"|“([^”]+)”/g)].map(([, one, other]) => one ?? other ?? ''), ...error.split('\n')]
    .map((text) => text.trim())
    .filter(({ length }) => length >= MIN_QUOTED);

/** The line to show first of a step that failed: the last one that the error quotes, else its first line that speaks of an error, else its last. */
export function firstFault(model: LogModel, step: number, error = ''): number | null {
  const lines = model.sections.find((section) => section.step === step)?.lines ?? [];
  const textOf = (number: number) => plainText(model.line(number));
  const quoted = quotedIn(error);
  return (
    lines.findLast((number) => quoted.some((text) => textOf(number).includes(text))) ??
    lines.find((number) => errorWords.test(textOf(number))) ??
    lines.at(-1) ??
    null
  );
}
