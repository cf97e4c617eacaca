import type { Environment } from '../../environments/types.js';

const list = (names: readonly string[]): string => names.join(', ');

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** How an environment stands: what is wrong, else that all is well. */
export function sentenceOf({ hosts, services }: Environment): string {
  const whole = `${counted(services.length, 'service')} on ${counted(hosts.length, 'host')}`;
  const away = hosts.filter(({ reachable }) => reachable === false).map(({ name }) => name);
  const drifted = services
    .filter((one) => one.hosts.some(({ drift }) => drift.length > 0))
    .map(({ service }) => service);
  const restless = services
    .filter((one) => one.hosts.some(({ drift }) => drift.some(({ field }) => field === 'does-not-stay-up')))
    .map(({ service }) => service);
  const changed = services.filter(({ pending }) => pending.length > 0).map(({ service }) => service);
  const said = [
    away.length > 0 && `${list(away)} cannot be reached`,
    restless.length > 0 && `${list(restless)} ${restless.length === 1 ? 'does' : 'do'} not stay up`,
    drifted.length > 0 && `${list(drifted)} ${drifted.length === 1 ? 'runs' : 'run'} otherwise than wanted`,
    changed.length > 0 &&
      `${list(changed)} ${changed.length === 1 ? 'has' : 'have'} settings that apply with the next deployment`,
  ].filter((one) => one !== false);
  return said.length === 0 ? `${whole}: everything runs as it should.` : `${whole}: ${said.join('; ')}.`;
}
