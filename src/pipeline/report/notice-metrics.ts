import { Counter, type Registry } from 'prom-client';

export interface NoticeMetrics {
  /** An attempt to deliver a notice: to whom, and with what result. */
  notice(kind: string, outcome: string): void;
}

export function createNoticeMetrics(registry: Registry): NoticeMetrics {
  const notices = new Counter({
    name: 'slipway_notices_total',
    help: 'Attempts to deliver commit statuses, callbacks and notices, by receiver and outcome.',
    labelNames: ['kind', 'outcome'],
    registers: [registry],
  });
  return { notice: (kind, outcome) => notices.inc({ kind, outcome }) };
}
