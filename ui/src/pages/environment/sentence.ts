import { counted } from '../../parts/short.js';
import { failureOf, isBehind } from '../../environments/cell.js';
import type { Environment, MatrixCell, ServiceThere } from '../../environments/types.js';

const MAX_NAMED = 3;

/** The first names, and how many there are besides. */
function list(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  return more > 1 ? `${names.slice(0, MAX_NAMED).join(', ')} and ${more} more` : names.join(', ');
}

/** How an environment stands: what is wrong, else that all is well. `cells`: how its services stand. Undefined: not known yet. */
export function sentenceOf({ hosts, services }: Environment, cells: readonly MatrixCell[] | undefined): string {
  const whole = `${counted(services.length, 'service')} on ${counted(hosts.length, 'host')}`;
  const away = hosts.filter(({ reachable }) => reachable === false).map(({ name }) => name);
  const withDrift = services.filter((one) => one.hosts.some(({ drift }) => drift.length > 0));
  const isRestless = (one: ServiceThere) =>
    one.hosts.some(({ drift }) => drift.some(({ field }) => field === 'does-not-stay-up'));
  const restless = withDrift.filter(isRestless).map(({ service }) => service);
  const drifted = withDrift.filter((one) => !isRestless(one)).map(({ service }) => service);
  const changed = services.filter(({ pending }) => pending.length > 0).map(({ service }) => service);
  const said = [
    away.length > 0 && `${list(away)} cannot be reached`,
    restless.length > 0 && `${list(restless)} ${restless.length === 1 ? 'does' : 'do'} not stay up`,
    drifted.length > 0 && `${list(drifted)} ${drifted.length === 1 ? 'is' : 'are'} not as wanted`,
    changed.length > 0 &&
      `${list(changed)} ${changed.length === 1 ? 'has' : 'have'} settings that apply with the next deployment`,
    ...lag(cells ?? []),
  ].filter((one) => one !== false);
  if (said.length > 0) return `${whole}: ${said.join('; ')}.`;
  return cells === undefined ? `${whole}.` : `${whole}: everything runs as it should.`;
}

/** What runs, but is not the newest. */
function lag(cells: readonly MatrixCell[]): readonly string[] {
  const failed = cells.filter((cell) => failureOf(cell) !== null).length;
  const behind = cells.filter(isBehind).length;
  return [
    ...(failed > 0 ? [`the newest deployment of ${counted(failed, 'service')} failed`] : []),
    ...(behind > 0 ? [`${behind} behind`] : []),
  ];
}
