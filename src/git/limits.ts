import { SlipwayError } from '../errors.js';

/*
 * What is read of a repository at most. A push of a few kilobytes can hold any of it, so nothing is read before its size is known, and what
 * comes row by row is counted. Together these keep a question within 64 MiB.
 */

/** Bytes of a link's target: PATH_MAX of Linux (limits.h). A longer one can lead nowhere, on no checkout. */
export const longestTarget = 4096;

/** Bytes of a path. */
export const longestPath = 64 * 1024;

/** Bytes of a commit's message; the rest is left out. */
export const longestMessage = 64 * 1024;

/** Files and folders of one list, or paths of one difference. */
export const mostFiles = 1_000_000;
/** Bytes that such a list takes. */
export const mostListBytes = 40 * 1024 * 1024;

/** Commits of one answer, and the characters of their messages. */
export const mostCommits = 100_000;
export const mostMessages = 8 * 1024 * 1024;

/** References of a repository, and the bytes of their names. */
export const mostReferences = 200_000;
export const mostReferenceBytes = 16 * 1024 * 1024;

/** `repository-too-large`. `what` has the number that is over a limit. */
export function tooLarge(what: string): SlipwayError {
  return new SlipwayError('repository-too-large', what);
}
