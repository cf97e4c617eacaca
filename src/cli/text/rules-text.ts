import type { Ruling, RulesComparison } from '../../operations/compare-rules.js';
import { columns } from './columns.js';
import { dayOf } from './range-text.js';

/** For people: the decisions that another configuration changes, one line each, newest first. */
export function rulesText({ compared, passedOver, changed }: RulesComparison): string {
  const rest = passedOver === 0 ? '' : ` (${passedOver} passed over: forced, or their commits are gone)`;
  const sum = `${changed.length} of the last ${compared} decisions would be another${rest}.\n`;
  if (changed.length === 0) return sum;
  const rows = changed.map(({ service, branch, head, at, before, after }) => [
    service,
    branch,
    head.slice(0, 7),
    dayOf(at),
    said(before),
    said(after),
    after?.reason.message ?? 'The service is gone.',
  ]);
  return `${columns([['SERVICE', 'BRANCH', 'COMMIT', 'DATE', 'BEFORE', 'AFTER', 'WHY'], ...rows])}${sum}`;
}

const said = (ruling: Ruling): string => (ruling === null ? 'no service' : `${ruling.decision} ${ruling.reason.code}`);
