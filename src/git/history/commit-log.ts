import { StringDecoder } from 'node:string_decoder';
import type { CommitInfo, CommitList } from '../contract.js';
import { MAX_MESSAGE_BYTES, MAX_COMMITS, MAX_MESSAGES_CHARACTERS } from '../output/limits.js';
import { takeRows, type TakeOutput } from '../output/rows.js';

/** Four NUL-terminated fields per commit. A message cannot contain NUL, and git converts it to UTF-8 from the commit's encoding. */
const format = '--format=tformat:%H%x00%h%x00%ct%x00%B';

/** Lists commits for `parseLogs`. */
export const logCommand = [
  'log',
  '-z',
  '--abbrev=7',
  '--no-color',
  '--no-mailmap',
  '--no-decorate',
  '--no-show-signature',
  '--encoding=UTF-8',
  format,
] as const;

/** Reads commits as git lists them, up to the limits of one answer. */
export function parseLogs(): { readonly take: TakeOutput; commits(): CommitList } {
  const commits: CommitInfo[] = [];
  let fields: string[] = [];
  let room = MAX_MESSAGES_CHARACTERS;
  let isCut = false;
  const onField = (field: Buffer) => {
    // The truncated text may end within a character.
    fields.push(new StringDecoder('utf8').write(field));
    const [sha = '', short = '', time = '', message] = fields;
    if (message === undefined) return true;
    fields = [];
    room -= message.length;
    isCut = room < 0 || commits.length >= MAX_COMMITS;
    if (!isCut) commits.push({ sha, short, time: Number(time), message });
    return !isCut;
  };
  return {
    take: takeRows(0, onField, MAX_MESSAGE_BYTES),
    commits: () => (isCut ? Object.assign(commits, { isCut: true } as const) : commits),
  };
}
