import type { GeneratedAlways, Selectable } from 'kysely';

/** Stands in `releases.build_id` for a build that the database has lost. */
export const lostBuild = '';

/** 0 or 1: every SQL dialect has them, and partial indexes over them are written the same way. */
export type Flag = 0 | 1;

export interface ReleaseNumberTable {
  service: string;
  /** The highest number that was given. */
  last: number;
}

export interface ReleaseTable {
  service: string;
  number: number;
  branch: string;
  commit_id: string;
  /** The commit was the head of its branch. */
  of_head: Flag;
  image_repository: string;
  image_digest: string;
  /** JSON array. */
  image_tags: string;
  /** JSON object. */
  run_file: string;
  run_file_hash: string;
  /** `lostBuild` if nobody knows it any more. */
  build_id: string;
  created_at: number;
}

/** A name that a service had before. Containers and volumes keep it. */
export interface FormerNameTable {
  seq: GeneratedAlways<number>;
  former: string;
  /** What it is called now. */
  service: string;
}

export interface RunFileTable {
  hash: string;
  /** JSON array. */
  texts: string;
}

/** Commits of a branch that a release covers besides its own. */
export interface ReleaseCommitTable {
  seq: GeneratedAlways<number>;
  service: string;
  branch: string;
  commit_id: string;
  number: number;
  at: number;
}

export type ReleaseRow = Selectable<ReleaseTable>;
