import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import type { Config } from '../../config/config.js';
import { askWeb, type WebAnswer } from './ask-web.js';
import { fault, note, ok, type Check } from './check.js';
import type { Clocks } from './machine-checks.js';

/** Addresses that the Internet does not reach (RFC 1918, 6598, 3927, 4193, 4291, 1122). */
const ownNetworks = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['127.0.0.0', 8],
] as const)
  ownNetworks.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['fc00::', 7],
  ['fe80::', 10],
  ['::1', 128],
] as const)
  ownNetworks.addSubnet(network, bits, 'ipv6');

/** Whether the webhook's address answers as a Slipway, as far as this machine can tell. */
export async function checkWebhook({ server: { publicUrl } }: Config): Promise<Check> {
  const name = 'webhook';
  if (publicUrl === null)
    return note(
      name,
      'server.publicUrl is not set, so that nobody can say where GitHub would reach this server.',
      'Set server.publicUrl. Without a webhook, changes are found by the sweep.',
    );
  const answer = await askWeb(`${publicUrl}/healthz`);
  const { hostname } = new URL(publicUrl);
  if ('fault' in answer)
    return fault(
      name,
      `${publicUrl}/healthz does not answer: ${answer.fault}.`,
      'Start the server with `slipway serve`. If it runs, check the name, the proxy in front and its certificate.',
    );
  if (answer.status !== 200 || typeof answer.body['version'] !== 'string')
    return fault(
      name,
      `${publicUrl}/healthz answers with status ${answer.status}, and not as Slipway does.`,
      'Let the proxy at server.publicUrl hand on everything to server.listen.',
    );
  return addressCheck(publicUrl, await ownAddress(hostname));
}

/** What there is to say of an address that answers. `own`: its address in this machine's networks, or null. */
export function addressCheck(publicUrl: string, own: string | null): Check {
  const name = 'webhook';
  const { hostname, protocol } = new URL(publicUrl);
  if (own !== null)
    return note(
      name,
      `${hostname} is ${own} here, which GitHub cannot reach from outside.`,
      'Give the server a public address, or leave it to the sweep.',
    );
  if (protocol !== 'https:')
    return note(
      name,
      `${publicUrl} is not https, so that others can read what GitHub sends.`,
      'Put a proxy with TLS in front of it.',
    );
  return ok(name, 'answers from here; whether GitHub reaches it, GitHub shows among the deliveries of the webhook');
}

/** The address of a host in this machine's networks, or null. */
async function ownAddress(hostname: string): Promise<string | null> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const found =
    isIP(host) === 0 ? await lookup(host, { all: true }).catch(() => []) : [{ address: host, family: isIP(host) }];
  const own = found.find(({ address, family }) => ownNetworks.check(address, family === 6 ? 'ipv6' : 'ipv4'));
  return own?.address ?? null;
}

/** Whether GitHub takes the token, and its time if it says it. `now`: milliseconds since the epoch. */
export async function checkGithub(
  { github: { token, apiUrl } }: Config,
  now: () => number,
): Promise<{ readonly check: Check; readonly clocks: Clocks | null }> {
  const name = 'github';
  const without = 'github.token is not set: private repositories cannot be cloned by https, and commits get no status.';
  if (token === null) return { check: note(name, without, 'Set github.token, unless all is public.'), clocks: null };
  const answer = await askWeb(`${apiUrl}/rate_limit`, {
    authorization: `Bearer ${token.reveal()}`,
    accept: 'application/vnd.github+json',
    'user-agent': 'slipway',
  });
  if ('fault' in answer) {
    const check = fault(name, `${apiUrl} does not answer: ${answer.fault}.`, 'Check github.apiUrl and the way to it.');
    return { check, clocks: null };
  }
  const { time } = answer;
  const clocks = time === null ? null : { own: now(), other: time, host: new URL(apiUrl).host };
  return { check: tokenCheck(apiUrl, answer), clocks };
}

function tokenCheck(apiUrl: string, { status, body }: WebAnswer): Check {
  const name = 'github';
  if (status === 401) return fault(name, `${apiUrl} refuses github.token.`, 'Make a new token and set it.');
  if (status !== 200)
    return fault(
      name,
      `${apiUrl}/rate_limit answers with status ${status}.`,
      'Check github.apiUrl and the rights of github.token.',
    );
  const { limit, remaining } = (body['rate'] ?? {}) as { readonly limit?: unknown; readonly remaining?: unknown };
  const left =
    typeof limit === 'number' && typeof remaining === 'number' ? `, ${remaining} of ${limit} calls left` : '';
  return ok(name, `takes the token${left}`);
}
