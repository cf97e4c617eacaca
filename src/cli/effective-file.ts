import type { Config } from '../config/config.js';
import { SlipwayError } from '../errors.js';
import type { RunFileFault } from '../model/run-file.js';
import { compose } from '../operations/compose.js';
import type { ComposeCall } from '../operations/contract.js';
import type { PipelineDeps } from '../pipeline.js';
import { printable } from '../printable.js';

/** What a command prints, and where. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** The effective run file of a release, or a line for each fault of its run file. Fails as `compose`, for anything else. */
export async function effectiveText(call: ComposeCall, config: Config, deps: PipelineDeps): Promise<Printed> {
  try {
    return { stdout: await compose(call, { ...deps, environments: () => config.environments }), stderr: '' };
  } catch (error) {
    const faults = error instanceof SlipwayError ? error.extra['faults'] : undefined;
    if (!Array.isArray(faults)) throw error;
    return { stdout: '', stderr: (faults as readonly RunFileFault[]).map(faultLine).join('') };
  }
}

const faultLine = ({ file, line, column, code, message }: RunFileFault): string =>
  `${printable(`${file}:${line}:${column}: ${code}: ${message}`)}\n`;
