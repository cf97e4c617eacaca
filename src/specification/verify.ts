import type { Verify } from '../model/run-file.js';

/** The places where an answer may have the version. Only one of them can count. */
const answers = ['json', 'header', 'body'] as const;

/** Each key of the configuration wins over that of the run file. Null if neither has any. */
export function mergeVerify(ofFile: Verify | null, configured: Verify | null): Verify | null {
  if (ofFile === null || configured === null) return configured ?? ofFile;
  const { json: _json, header: _header, body: _body, ...rest } = ofFile;
  return answers.some((key) => configured[key] !== undefined)
    ? { ...rest, ...configured }
    : { ...ofFile, ...configured };
}
