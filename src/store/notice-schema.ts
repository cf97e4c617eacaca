import type { GeneratedAlways } from 'kysely';

export interface AnnouncementTable {
  seq: GeneratedAlways<number>;
  kind: string;
  subject: string;
}

export interface NoticeTable {
  seq: GeneratedAlways<number>;
  receiver: string;
  subject: string;
  item: string;
  body: string;
  version: number;
  attempt: number;
  due_at: number;
  created_at: number;
  /** JSON object: why its last attempt failed, or null. */
  waiting: string | null;
}

export interface RemarkTable {
  subject: string;
  text: string;
  at: number;
}
