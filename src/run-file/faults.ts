import type { Place, RunFileCode, RunFileFault, RunFileWarning } from '../model/run-file.js';

/** A file that someone wrote to annoy has no more useful faults than this. */
const MAX_FAULTS = 100;
/** Quotes of a file's text in messages. */
const MAX_QUOTE_CHARACTERS = 80;

/** Collects what is wrong, so that all of it is reported at once. */
export interface Findings {
  fault(place: Place, message: string, detail?: { readonly code?: RunFileCode; readonly setting?: string }): void;
  warning(place: Place, message: string): void;
  /** In the order of the files and their lines. */
  faults(): readonly RunFileFault[];
  warnings(): readonly RunFileWarning[];
}

/** `files`: in which order the findings are listed; others come last. */
export function createFindings(files: readonly string[] = []): Findings {
  const faults: RunFileFault[] = [];
  const warnings: RunFileWarning[] = [];
  const rank = ({ file }: Place) => (files.includes(file) ? files.indexOf(file) : files.length);
  const inOrder = <T extends RunFileWarning>(found: readonly T[]): readonly T[] =>
    withoutDoubles(found).sort((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
  return {
    fault({ file, line, column }, message, { code = 'run-file-invalid', setting } = {}) {
      if (faults.length < MAX_FAULTS) faults.push({ code, message, file, line, column, setting: setting ?? null });
    },
    warning({ file, line, column }, message) {
      if (warnings.length < MAX_FAULTS) warnings.push({ message, file, line, column });
    },
    faults: () => inOrder(faults),
    warnings: () => inOrder(warnings),
  };
}

/** What stands behind an anchor is checked at each place that uses it. */
function withoutDoubles<T extends RunFileWarning>(found: readonly T[]): T[] {
  const key = ({ file, line, column, message }: T) => JSON.stringify([file, line, column, message]);
  return [...new Map(found.map((one) => [key(one), one])).values()];
}

/** A text of the file, for a message: on one line, and not too long. */
export function quoted(text: string): string {
  const short = text.length > MAX_QUOTE_CHARACTERS ? `${text.slice(0, MAX_QUOTE_CHARACTERS)}…` : text;
  return JSON.stringify(short);
}
