import type { WaitedOut } from '../model/waiting-for.js';

/** Something that others may be notified of. It is stored in the transaction that makes it true. `id`: of the build, deployment or delivery. */
export interface Announcement {
  readonly seq: number;
  /** A build or a deployment has ended. `delivery`: something was decided about a push, or a delivery has failed. */
  readonly kind: 'build' | 'deployment' | 'delivery';
  readonly id: string;
}

/** What one receiver is to be sent about one subject. What is due of a subject is sent together. Times in milliseconds since the epoch. */
export interface NewNotice {
  readonly receiver: string;
  readonly subject: string;
  /** Part of the subject. A newer notice of the same part takes the place of the older one. */
  readonly item: string;
  /** Only the receiver understands it. */
  readonly body: string;
  readonly dueAt: number;
}

export interface StoredNotice extends NewNotice {
  readonly seq: number;
  /** Grows each time that a newer notice takes its place. */
  readonly version: number;
  /** How often it has failed. */
  readonly attempt: number;
  readonly createdAt: number;
}

export interface NoticeSubject {
  readonly receiver: string;
  readonly subject: string;
}

/** Notices that failed and wait for another attempt. */
export interface WaitingNotices {
  readonly receiver: string;
  readonly count: number;
  /** Of the one that is tried next. */
  readonly waitedOut: WaitedOut;
  readonly until: number;
}

/** What others are to be notified of, and what was remarked while doing so. */
export interface Notices {
  /** Oldest first. */
  announced(limit: number): Promise<readonly Announcement[]>;
  /** Stores notices and removes the announcement that they come from, all or nothing. */
  put(notices: readonly NewNotice[], now: number, announcement?: Announcement): Promise<void>;
  /** Subjects with a notice that is due, the first due first, each once. */
  due(now: number, limit: number, exceptReceivers: readonly string[]): Promise<readonly NoticeSubject[]>;
  /** When the next notice is due. Null: there is none. */
  nextDueAt(exceptReceivers: readonly string[]): Promise<number | null>;
  /** Oldest first. */
  of(subject: NoticeSubject): Promise<readonly StoredNotice[]>;
  /** Removes notices, except those that a newer one took the place of. */
  done(notices: readonly StoredNotice[]): Promise<void>;
  /**
   * Keeps notices for later, except those that a newer one took the place of. `waitedOut`: why this attempt failed. Without it, it does not
   * count as one.
   */
  postpone(notices: readonly StoredNotice[], dueAt: number, waitedOut?: WaitedOut): Promise<void>;
  /** By receiver. */
  waiting(): Promise<readonly WaitingNotices[]>;
  /** What was remarked about a subject, or null. */
  remark(subject: string): Promise<string | null>;
  /** Remarks whose subjects begin with the text, by subject. */
  remarks(prefix: string): Promise<ReadonlyMap<string, string>>;
  /** Replaces what was remarked. Null: it is forgotten. */
  setRemark(subject: string, text: string | null, now: number): Promise<void>;
  /** Removes remarks that are older than the time, except those whose subjects begin with `keep`. */
  forgetRemarks(before: number, keep: string): Promise<void>;
}
