import type { Release } from '../model/release.js';
import type { Specified } from './specify.js';

/** What somebody who deploys a release should know of how it is run, as sentences. */
export const specificationWarnings = (
  { runFile }: Pick<Release, 'runFile'>,
  { specification, warnings }: Specified,
): readonly string[] => [
  ...(runFile.path === null ? ['no run file: everything has its default'] : []),
  ...(specification?.verify === null
    ? ['version not asked (version-not-asked): neither the run file nor the configuration has `verify`']
    : []),
  ...warnings.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`),
];
