import type { RunFileFault, RunFileWarning } from '../model/run-file.js';
import { checkAllowed, type Allowance } from './allow.js';
import { checkShape } from './check-shape.js';
import { decodeRunFile, readDocument } from './document.js';
import { createFindings, type Findings } from './faults.js';
import { interpolate } from './interpolate.js';
import { merge, settle } from './merge.js';
import type { Mapping } from './node.js';
import { normalise, variablesSetting, type Normalised, type Surroundings } from './normalise.js';
import { runFileShape } from './schema.js';

/** A file of a commit. */
export interface RunFileSource {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface RunFileRequest {
  /** Null: every parameter has its default. */
  readonly base: RunFileSource | null;
  /** `<stem>.<environment>.<ext>`, or null. */
  readonly overlay: RunFileSource | null;
  readonly surroundings: Surroundings;
  readonly allowance: Allowance;
}

export interface RunFile {
  /** Null if there are faults. */
  readonly result: Normalised | null;
  /** All of them, in the order of the files. */
  readonly faults: readonly RunFileFault[];
  readonly warnings: readonly RunFileWarning[];
}

/**
 * Reads what a commit says about running a service in an environment. Pure: the same request has the same answer. Whatever the files hold,
 * it ends in bounded time and returns faults instead of throwing.
 */
export function readRunFile({ base, overlay, surroundings, allowance }: RunFileRequest): RunFile {
  const sources = [base, overlay].filter((source) => source !== null);
  const findings = createFindings(sources.map(({ path }) => path));
  const roots = sources.map((source) => readSource(source, surroundings, findings));
  const root = mergeAll(roots, findings);
  const result = root === null ? null : normalise(root, surroundings, findings);
  if (result !== null) checkAllowed(result.parameters, result.origins, allowance, findings);
  const faults = findings.faults();
  return { result: faults.length === 0 ? result : null, faults, warnings: findings.warnings() };
}

/** One file with its variables put in; null, with faults, if it is no run file at all. */
function readSource(
  { path, bytes }: RunFileSource,
  { variables, environment }: Surroundings,
  findings: Findings,
): Mapping | null {
  const text = decodeRunFile(bytes, path, findings);
  const document = text === null ? null : readDocument(text, path, findings);
  const checked = document === null ? null : checkShape(document, runFileShape, findings);
  return checked?.kind === 'map' ? interpolate(checked, variables, variablesSetting(environment), findings) : null;
}

/** Null if one of the files could not be read: what the others mean depends on it. */
function mergeAll(roots: readonly (Mapping | null)[], findings: Findings): Mapping | null {
  const [base, overlay] = roots;
  if (base === null || overlay === null) return null;
  if (base === undefined)
    return { kind: 'map', entries: new Map(), place: { file: '', line: 1, column: 1 }, tag: null };
  return overlay === undefined ? settle(base) : merge(base, overlay, findings);
}
