import { SlipwayError } from '../errors.js';
import type { RunFileFault } from '../model/run-file.js';

/** The order in which codes stand for several faults: only a valid file shows all that is not allowed. */
const codes = ['run-file-invalid', 'run-file-not-allowed', 'variable-missing'] as const;

/** One error for all faults of a run file, which are its `faults`. `what` names what cannot be made. */
export function runFileFault(faults: readonly RunFileFault[], what: string): SlipwayError {
  const code = codes.find((one) => faults.some((fault) => fault.code === one)) ?? 'run-file-invalid';
  const first = faults.find((fault) => fault.code === code);
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  const said = first === undefined ? '' : `: ${first.file}:${first.line}:${first.column}: ${first.message}`;
  return new SlipwayError(code, `${what}${said}${more}`, { extra: { faults } });
}
