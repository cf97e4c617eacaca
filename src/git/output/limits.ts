import { SlipwayError } from '../../errors.js';

/*
 * Limits on what is read from a repository. A push of a few kilobytes can exceed any of them, so sizes are checked before reading and rows
 * are counted as they arrive. Together they keep a question within 64 MiB.
 */

/** Bytes of a link's target: Linux's PATH_MAX (limits.h). A longer one leads nowhere on any checkout. */
export const MAX_TARGET_BYTES = 4096;

/** Bytes of a path. */
export const MAX_PATH_BYTES = 64 * 1024;

/** Bytes of a commit's message. The rest is omitted. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** Files and folders of one list, or paths of one difference. */
export const MAX_FILES = 1_000_000;
/** Bytes of memory for such a list. */
export const MAX_LIST_BYTES = 40 * 1024 * 1024;

/** Commits of one answer, and the characters of their messages. */
export const MAX_COMMITS = 100_000;
export const MAX_MESSAGES_CHARACTERS = 8 * 1024 * 1024;

/** References of a repository, and the bytes of their names. */
export const MAX_REFERENCES = 200_000;
export const MAX_REFERENCE_BYTES = 16 * 1024 * 1024;

/** An error `repository-too-large`. `what` names the number that is over a limit. */
export function tooLarge(what: string): SlipwayError {
  return new SlipwayError('repository-too-large', what);
}
