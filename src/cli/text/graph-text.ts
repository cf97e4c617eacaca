import type { ServiceGraph } from '../../operations/contract.js';
import { printable } from '../../printable.js';
import { columns } from './columns.js';

/** For people: one line for every base image, bases first; then circles and faults. */
export function graphText({ services, edges, cycles, faults }: ServiceGraph): string {
  const cascading = new Map(services.map(({ name, cascade }) => [name, cascade]));
  const rows = edges.map(({ service, branch, base, baseBranch, reference }) => [
    `${service} (${branch})`,
    baseBranch === null ? base : `${base} (${baseBranch})`,
    reference,
    whyNot(baseBranch, cascading.get(service) ?? true),
  ]);
  const table =
    rows.length === 0
      ? `No image stands on the image of another service (${services.length} services).\n`
      : columns([['SERVICE', 'STANDS ON', 'IMAGE', ''], ...rows]);
  const circles = cycles.map((cycle) => `circle: ${printable(cycle.join(' → '))}\n`);
  const unread = faults.map(({ service, branch, message }) => {
    const where = branch === null ? service : `${service} (${branch})`;
    return `not read: ${printable(`${where}: ${message}`)}\n`;
  });
  return [table, ...circles, ...unread].join('');
}

/** Why a new image of the base does not lead to a new image of the service, or ''. */
function whyNot(baseBranch: string | null, cascade: boolean): string {
  if (!cascade) return 'cascade: false';
  return baseBranch === null ? 'the tag never moves' : '';
}
