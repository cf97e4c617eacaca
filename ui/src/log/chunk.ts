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

  /** Draws what was added. */
  draw(isNear: boolean): void {
    this.#isPainted = isNear;
    this.element.style.containIntrinsicBlockSize = `auto ${this.lines.length * LINE_PX}px`;
    if (isNear) this.element.replaceChildren(...this.lines.map((line) => this.#painted(line)));
    else
      this.element.textContent = this.lines
        .map((line) => this.#shown(plainText(this.model.line(line)), line))
        .join('\n');
  }

  /** Paints it, or makes it plain again. Does not touch what the visitor has selected. */
  come(isNear: boolean): void {
    if (isNear === this.#isPainted) return;
    const selection = getSelection();
    if (selection !== null && !selection.isCollapsed && selection.containsNode(this.element, true)) return;
    this.draw(isNear);
  }

  /** Draws it again if its lines are painted. */
  refresh(): void {
    if (this.#isPainted) this.draw(true);
  }

  /** The element of a line. It is painted first if necessary. */
  elementOf(line: number): HTMLElement | null {
    if (!this.#isPainted) this.draw(true);
    return this.element.querySelector(`#L${line}`);
  }

  #shown(text: string, line: number): string {
    return text.length > MAX_LINE && !this.look.isWhole(line) ? text.slice(0, MAX_LINE) : text;
  }

  #painted(line: number): HTMLElement {
    const element = document.createElement('div');
    element.id = `L${line}`;
    element.className = ['ln', this.look.marked(line) && 'marked', this.look.found(line) && 'found']
      .filter(Boolean)
      .join(' ');
    const link = document.createElement('a');
    link.href = `#L${line}`;
    link.dataset['line'] = String(line);
    link.setAttribute('aria-label', `Line ${line}`);
    const time = this.look.time(line);
    if (time !== null) link.dataset['time'] = time;
    const whole = this.model.line(line);
    const text = this.#shown(whole, line);
    // A cut line loses its colours: an escape may be cut as well.
    element.append(link, ...(text === whole ? coloured(text) : [document.createTextNode(plainText(text))]));
    if (text !== whole) element.append(more(line, whole.length));
    return element;
  }
}

function more(line: number, length: number): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset['whole'] = String(line);
  button.textContent = `show ${Math.ceil(length / 1000)} kB`;
  return button;
}
