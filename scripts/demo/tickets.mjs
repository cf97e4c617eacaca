/** What the chapters about deployments have in common: tickets, what follows a branch, and what runs where. */
import { setTimeout as pause } from 'node:timers/promises';
import { fact } from './fact.mjs';
import { table } from './screen.mjs';

const PATIENCE_MS = 60_000;
const service = 'storefront';

const seconds = (from, to) => ((new Date(to) - new Date(from)) / 1000).toFixed(1);

/** Asks until there is an answer. */
async function until(what, ask) {
  for (const begin = performance.now(); performance.now() - begin < PATIENCE_MS; await pause(50)) {
    const found = await ask();
    if (found !== null) return found;
  }
  fact(false, `Not within a minute: ${what}.`);
}

export function createTickets({ stage, slipway, screen, rows }) {
  const newest = async (path, name) => (await slipway.get(`${path}&limit=1`))[name][0] ?? null;

  /** The newest release, once its number is higher than `after`. */
  const release = (after = 0) =>
    until(`a release after ${after}`, async () => {
      const found = await newest(`/api/v1/releases/${service}?`, 'releases');
      return found !== null && found.number > after ? found : null;
    });

  /** A deployment that has ended, shown with what was verified or why it failed. */
  async function ended(what, id, expected) {
    const deployment = await slipway.get(`/api/v1/deployments/${id}?wait=60`);
    const { environment, status, error, hosts, startedAt, finishedAt } = deployment;
    const found = error === null ? status : `${status} ${error.code}`;
    screen.deployment(deployment, `${seconds(startedAt ?? deployment.createdAt, finishedAt ?? new Date())} s`);
    fact(
      found === expected,
      `The deployment in ${environment} is ${found}, expected ${expected}. ${error?.message ?? ''}`,
    );
    const again = status === 'succeeded' ? '  ' : '  as before, ';
    for (const { host, verifications } of hosts) {
      for (const { via, url, answer } of verifications.filter(({ ok }) => ok)) {
        const where = via === 'balancer' ? 'the balancer' : `host ${host}`;
        screen.say(`${again}${where} says ${answer} at ${url}`);
      }
    }
    rows.push([
      what,
      service,
      found.replace(' ', ', '),
      `${environment}: ${deployment.release.tag}`,
      seconds(startedAt, finishedAt),
    ]);
    return deployment;
  }

  /** The deployment of a release that an environment asks for by itself. */
  async function followed(environment, number, expected = 'succeeded') {
    const found = await until(`a deployment of release ${number} in ${environment} without a ticket`, async () => {
      const one = await newest(`/api/v1/deployments?service=${service}&environment=${environment}`, 'deployments');
      return one?.release.number === number ? one : null;
    });
    fact(found.requestedBy === 'follow', `${environment} was asked for release ${number} by ${found.requestedBy}.`);
    return ended(`follow in ${environment}`, found.id, expected);
  }

  /** Sends a ticket and waits for its end. */
  async function deploy(ticket, expected = 'succeeded') {
    const { id, status } = await (
      await slipway.call('POST', '/api/v1/deployments', { body: { service, ...ticket } })
    ).json();
    screen.say(`Ticket ${ticket.reference} (${ticket.reason}) is deployment ${id}, ${status}.`);
    return ended(`ticket ${ticket.reference}`, id, expected);
  }

  /** Sends a ticket that is answered with an error. */
  async function refused(ticket, expected) {
    const answer = await slipway.answer('POST', '/api/v1/deployments', { body: { service, ...ticket } });
    const { code, message, detail = message } = await answer.json();
    screen.say(`Ticket ${ticket.reference} (${ticket.reason}) is answered ${answer.status} ${code}: ${detail}`);
    fact(code === expected, `The ticket was answered ${answer.status} ${code}, expected ${expected}.`);
    rows.push([`ticket ${ticket.reference}`, service, code, 'nothing was touched', '']);
  }

  const shown = async (environment) =>
    (await slipway.get(`/api/v1/environments/${environment}`)).services.find((one) => one.service === service);

  /** Waits until every host of the environments is seen to run that release, and shows what runs where. */
  async function runs(expected) {
    const lines = [];
    for (const [environment, number] of Object.entries(expected)) {
      const hosts = await until(`release ${number} on every host of ${environment}`, async () => {
        const found = await shown(environment);
        const isThere = ({ release: its, state, drift }) => its === number && state === 'running' && drift.length === 0;
        return found?.desired?.release === number && found.hosts.every(isThere) ? found.hosts : null;
      });
      const active = hosts.filter(({ balancer }) => balancer === 'active').length;
      const balanced = stage.environments[environment].balancer !== undefined;
      fact(!balanced || active === 1, `${active} hosts of ${environment} get requests.`);
      for (const { host, tag, state, balancer } of hosts)
        lines.push([environment, host, `release ${number}`, tag, state, balancer ?? '']);
    }
    for (const line of table(lines)) screen.say(`  ${line.trimEnd()}`);
  }

  /** Where a commit runs, and why not. */
  const where = async (commit) =>
    (await slipway.get(`/api/v1/services/${service}/where?commit=${commit}`)).environments;

  return { stage, release, followed, deploy, refused, runs, where };
}
