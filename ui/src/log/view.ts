import { CHUNK_LINES, LogChunk, type Look } from './chunk.js';
import { firstFault, LogModel, rangeOf, type Chunk, type Section } from './model.js';

/** What the heading of a step says. */
export interface StepHeading {
  readonly name: string;
  /** Such as `0.3 s` or `cached`. */
  readonly note: string;
  readonly state: 'done' | 'running' | 'failed';
}

export type Times = 'off' | 'since' | 'clock';

interface Shown {
  readonly section: Section;
  readonly details: HTMLDetailsElement;
  readonly summary: HTMLElement;
  readonly chunks: LogChunk[];
  /** True once the visitor has opened or closed it, or was brought to one of its lines. */
  isChosen: boolean;
  /** Whether we left it open. */
  isOpen: boolean;
}

/** Chunks nearer to the window than this are painted. */
const NEAR_PX = 1_500;

/** Lines that are forgotten together, so that it happens seldom. */
const FORGOTTEN_LINES = 50 * CHUNK_LINES;

/** Address of the line that says why it failed. */
export const FIRST_ERROR = '#first-error';

/** Draws a log into an element: one `<details>` a step, chunks of lines below. */
export class LogView {
  readonly model = new LogModel();
  /** The step that failed, and what the error says. */
  fault: { readonly step: number; readonly error: string } | null = null;
  #shown = new Map<Section, Shown>();
  #chunkOf = new Map<Element, LogChunk>();
  #found = new Set<number>();
  #current: number | null = null;
  #whole = new Set<number>();
  #range: { from: number; to: number } | null = rangeOf(location.hash);
  #times: Times = 'off';
  #begin: number | null = null;
  #steps: readonly StepHeading[] = [];
  readonly #near: IntersectionObserver;
  readonly #look: Look = {
    marked: (line) => this.#range !== null && line >= this.#range.from && line <= this.#range.to,
    found: (line) => this.#found.has(line),
    current: (line) => line === this.#current,
    time: (line) => this.#timeOf(line),
    isWhole: (line) => this.#whole.has(line),
  };

  /** `keep`: lines of a log without an end; older ones go. */
  constructor(
    private readonly element: HTMLElement,
    private readonly keep = Infinity,
  ) {
    this.#near = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) this.#chunkOf.get(target)?.come(isIntersecting);
      },
      { rootMargin: `${NEAR_PX}px 0px` },
    );
    element.addEventListener('click', this.#click);
  }

  /** Adds what has come. One call a frame is enough. */
  append(chunks: readonly Chunk[]): void {
    const touched = new Set<LogChunk>();
    for (const chunk of chunks) {
      for (const line of this.model.add(chunk)) touched.add(this.#put(line));
    }
    for (const chunk of touched) {
      const { top, bottom } = chunk.element.getBoundingClientRect();
      chunk.draw(bottom > -NEAR_PX && top < innerHeight + NEAR_PX);
    }
    if (this.model.lines.length > this.keep + FORGOTTEN_LINES) this.#forget(this.model.lines.length - this.keep);
    this.#entitle();
  }

  /** Names the steps. Those that are done are folded unless the visitor chose otherwise. */
  name(steps: readonly StepHeading[], begin: number | null): void {
    this.#steps = steps;
    this.#begin = begin;
    this.#entitle();
  }

  set times(times: Times) {
    this.#times = times;
    this.element.dataset['times'] = times;
    this.#refresh();
  }

  /** Marks lines that a search has found. */
  mark(lines: readonly number[]): void {
    if (lines.length === 0 && this.#found.size === 0) return;
    this.#found = new Set(lines);
    if (!lines.includes(this.#current ?? 0)) this.#current = null;
    this.#refresh();
  }

  /** Opens or folds every step. */
  unfold(all: boolean): void {
    for (const shown of this.#shown.values()) {
      shown.isChosen = true;
      set(shown, all || this.#isOpenByItself(shown.section));
    }
  }

  /** Shows a hit of the search. */
  goToHit(line: number): void {
    this.#current = line;
    this.#refresh();
    this.goTo(line);
  }

  /** Shows a line in the middle of the window. */
  goTo(line: number): void {
    const section = this.model.sectionOf(line);
    const shown = section && this.#shown.get(section);
    if (shown === undefined) return;
    shown.isChosen = true;
    set(shown, true);
    const chunk = this.#chunkWith(line);
    chunk?.elementOf(line)?.scrollIntoView({ block: 'center' });
  }

  /** Shows and marks the line that says why it failed. False if it is not there. */
  showFault(): boolean {
    const line = this.fault === null ? null : firstFault(this.model, this.fault.step, this.fault.error);
    if (line !== null) this.goToHit(line);
    return line !== null;
  }

  /** Marks the lines of the address, and shows the first of them; or shows its step. False if the address names none that is there. */
  follow(hash: string): boolean {
    const [, step] = /^#step-(\d{1,6})$/.exec(hash) ?? [];
    if (step !== undefined) return this.#showStep(Number(step));
    if (hash === FIRST_ERROR) return this.showFault();
    this.#range = rangeOf(hash);
    this.#refresh();
    if (this.#range === null || this.#range.from > this.model.length) return false;
    this.goTo(this.#range.from);
    return true;
  }

  close(): void {
    this.#near.disconnect();
    this.element.removeEventListener('click', this.#click);
    this.element.replaceChildren();
  }

  #showStep(step: number): boolean {
    const shown = [...this.#shown.values()].find(({ section }) => section.step === step);
    if (shown === undefined) return false;
    shown.isChosen = true;
    set(shown, true);
    shown.details.scrollIntoView({ block: 'start' });
    shown.summary.focus({ preventScroll: true });
    return true;
  }

  #forget(count: number): void {
    this.model.forget(count);
    for (const { chunks } of this.#shown.values()) {
      const kept = chunks.findIndex((chunk) => (chunk.lines.at(-1) ?? 0) > this.model.forgotten);
      for (const { element } of chunks.splice(0, kept < 0 ? chunks.length : kept)) {
        this.#near.unobserve(element);
        this.#chunkOf.delete(element);
        element.remove();
      }
    }
  }

  #chunkWith(line: number): LogChunk | undefined {
    const section = this.model.sectionOf(line);
    const shown = section && this.#shown.get(section);
    return shown?.chunks.find(({ lines }) => line <= (lines.at(-1) ?? 0));
  }

  #put(line: number): LogChunk {
    const section = this.model.sectionOf(line);
    if (section === undefined) throw new Error(`line ${line} has no section`);
    const shown = this.#shown.get(section) ?? this.#open(section);
    let chunk = shown.chunks.at(-1);
    if (chunk === undefined || chunk.isFull) {
      chunk = new LogChunk(this.model, this.#look);
      shown.chunks.push(chunk);
      this.#chunkOf.set(chunk.element, chunk);
      shown.details.append(chunk.element);
      this.#near.observe(chunk.element);
    }
    chunk.add(line);
    return chunk;
  }

  #open(section: Section): Shown {
    const details = document.createElement('details');
    const summary = document.createElement('summary');
    if (section.step !== null) details.id = `step-${section.step}`;
    details.append(summary);
    const shown: Shown = { section, details, summary, chunks: [], isChosen: false, isOpen: false };
    set(shown, this.#isOpenByItself(section));
    // By a click, a key, or the browser's own search.
    details.addEventListener('toggle', () => {
      if (details.open === shown.isOpen) return;
      shown.isOpen = details.open;
      shown.isChosen = true;
    });
    this.#shown.set(section, shown);
    this.element.append(details);
    return shown;
  }

  #isOpenByItself({ step }: Section): boolean {
    return step === null || this.#steps[step]?.state !== 'done';
  }

  #entitle(): void {
    for (const shown of this.#shown.values()) {
      const { section, summary, details } = shown;
      const step = section.step === null ? undefined : this.#steps[section.step];
      const lines = section.lines.length === 1 ? '1 line' : `${section.lines.length.toLocaleString('en')} lines`;
      details.dataset['state'] = step?.state ?? 'done';
      const older = this.model.forgotten > 0 ? 'older ones are gone' : '';
      const note = [step?.note ?? '', lines, older].filter(Boolean).join(', ');
      if (summary.dataset['note'] !== note) summary.replaceChildren(...headingOf(step?.name ?? 'Slipway', note));
      summary.dataset['note'] = note;
      if (!shown.isChosen) set(shown, this.#isOpenByItself(section));
    }
  }

  #refresh(): void {
    for (const chunk of this.#chunkOf.values()) chunk.refresh();
  }

  #timeOf(line: number): string | null {
    const time = this.model.timeOf(line);
    if (this.#times === 'off' || time === null) return null;
    if (this.#times === 'clock') return new Date(time).toLocaleTimeString();
    return `${((time - (this.#begin ?? time)) / 1000).toFixed(1)} s`;
  }

  /** A number marks its line; with Shift, all lines from the one that is marked. */
  readonly #click = (event: MouseEvent): void => {
    const target = event.target as HTMLElement;
    const { line, whole } = target.dataset;
    if (whole !== undefined) {
      this.#whole.add(Number(whole));
      this.#chunkWith(Number(whole))?.unfold(Number(whole));
    }
    if (line === undefined) return;
    event.preventDefault();
    const number = Number(line);
    const from = event.shiftKey && this.#range !== null ? this.#range.from : number;
    this.#range = { from: Math.min(from, number), to: Math.max(from, number) };
    const { from: first, to: last } = this.#range;
    history.replaceState(history.state, '', first === last ? `#L${first}` : `#L${first}-L${last}`);
    this.#refresh();
  };
}

function headingOf(name: string, note: string): (Node | string)[] {
  const small = document.createElement('small');
  small.textContent = note;
  return [name, ' ', small];
}

function set(shown: Shown, isOpen: boolean): void {
  shown.isOpen = isOpen;
  shown.details.open = isOpen;
}
