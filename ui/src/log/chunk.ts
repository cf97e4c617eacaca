import { coloured } from './colours.js';
import { plainText, type LogModel } from './model.js';

/** Lines that are painted together. */
export const CHUNK_LINES = 200;
/** Characters of a line that are shown at once. */
const MAX_LINE = 2_000;
const LINE_PX = 20;

/** What lines look like: those that are marked, whole, and their times. */
export interface Look {
  readonly marked: (line: number) => boolean;
  readonly found: (line: number) => boolean;
  /** Where the search stands. */
  readonly current: (line: number) => boolean;
  readonly time: (line: number) => string | null;
  readonly isWhole: (line: number) => boolean;
}

/**
 * Lines of a section that stand together. Far from what is in view they are plain text in one node: cheap, and still found, selected and
 * copied by the browser. Near it each line gets its number, link and colours.
 */
export class LogChunk {
  readonly element = document.createElement('div');
  readonly lines: number[] = [];
  #isPainted = false;
  /** How many lines are in the element. */
  #drawn = 0;

  constructor(
    private readonly model: LogModel,
    private readonly look: Look,
  ) {
    this.element.className = 'chunk';
  }

  get isFull(): boolean {
    return this.lines.length >= CHUNK_LINES;
  }

  add(line: number): void {
    this.lines.push(line);
  }

  /** Draws what was added. What is there stays, with its selection. */
  draw(isNear: boolean): void {
    this.element.style.containIntrinsicBlockSize = `auto ${this.lines.length * LINE_PX}px`;
    if (isNear !== this.#isPainted) this.#clear(isNear);
    const added = this.lines.slice(this.#drawn);
    if (isNear) this.element.append(...added.map((line) => this.#painted(line)));
    else this.element.append(`${this.#drawn > 0 ? '\n' : ''}${added.map((line) => this.#plain(line)).join('\n')}`);
    this.#drawn = this.lines.length;
  }

  /** Paints it, or makes it plain again. Does not touch what the visitor has selected. */
  come(isNear: boolean): void {
    if (isNear === this.#isPainted || this.#isSelected()) return;
    this.draw(isNear);
  }

  /** Marks, hits and times of its lines have changed. */
  refresh(): void {
    if (!this.#isPainted) return;
    [...this.element.children].forEach((element, index) => this.#dress(element as HTMLElement, this.lines[index] ?? 0));
  }

  /** A line is shown whole from now on. */
  unfold(line: number): void {
    this.element.querySelector(`#L${line}`)?.replaceWith(this.#painted(line));
  }

  /** The element of a line. It is painted first if necessary. */
  elementOf(line: number): HTMLElement | null {
    if (!this.#isPainted) this.draw(true);
    return this.element.querySelector(`#L${line}`);
  }

  #clear(isPainted: boolean): void {
    this.element.replaceChildren();
    this.#isPainted = isPainted;
    this.#drawn = 0;
  }

  #isSelected(): boolean {
    const selection = getSelection();
    return selection !== null && !selection.isCollapsed && selection.containsNode(this.element, true);
  }

  #plain(line: number): string {
    return this.#shown(plainText(this.model.line(line)), line);
  }

  #shown(text: string, line: number): string {
    return text.length > MAX_LINE && !this.look.isWhole(line) ? text.slice(0, MAX_LINE) : text;
  }

  #painted(line: number): HTMLElement {
    const element = document.createElement('div');
    element.id = `L${line}`;
    const link = document.createElement('a');
    link.href = `#L${line}`;
    link.dataset['line'] = String(line);
    link.setAttribute('aria-label', `Line ${line}`);
    const whole = this.model.line(line);
    const text = this.#shown(whole, line);
    // A cut line loses its colours: an escape may be cut as well.
    element.append(link, ...(text === whole ? coloured(text) : [document.createTextNode(plainText(text))]));
    if (text !== whole) element.append(more(line, whole.length));
    this.#dress(element, line);
    return element;
  }

  #dress(element: HTMLElement, line: number): void {
    const { marked, found, current } = this.look;
    const classes = ['ln', marked(line) && 'marked', found(line) && 'found', current(line) && 'current'];
    element.className = classes.filter(Boolean).join(' ');
    const link = element.firstElementChild as HTMLElement;
    const time = this.look.time(line);
    if (time === null) delete link.dataset['time'];
    else link.dataset['time'] = time;
  }
}

function more(line: number, length: number): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset['whole'] = String(line);
  button.textContent = `show ${Math.ceil(length / 1000)} kB`;
  return button;
}
