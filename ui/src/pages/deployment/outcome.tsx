import type { VNode } from 'preact';
import type { Deployment } from '../../api/types.js';
import { blames } from '../../parts/blame.js';
import { moment } from '../../parts/moment.js';
import { counted } from '../../parts/short.js';
import { Ago, duration, Running } from '../../parts/time.js';
import { effectOf } from './effect.js';
import { stepName } from './step-names.js';

/** How a deployment ended or stands, in one sentence. */
export function Outcome({ deployment }: { deployment: Deployment }): VNode {
  const { status, finishedAt, startedAt, from, error } = deployment;
  if (status === 'pending') return <Waits deployment={deployment} />;
  if (status === 'running')
    return (
      <>
        {error === null ? 'Runs' : 'Goes back, after it ran'} for {startedAt !== null && <Running since={startedAt} />}
        {nameOfRunning(deployment)}. <WaitsFor deployment={deployment} />
      </>
    );
  const back = (
    <>
      Went back to <b class="mono">{from?.tag ?? 'what ran before'}</b> after {took(deployment)}
      {error === null && ', because somebody canceled it'},
    </>
  );
  const ends = {
    succeeded: `${done(deployment)} in ${took(deployment)},`,
    failed: `Failed${placeOf(error)} after ${took(deployment)},`,
    'rolled-back': back,
    canceled: 'Canceled, and nothing was replaced,',
    superseded: 'A newer ticket took its place',
  } as const;
  return (
    <>
      {ends[status]} <Ago at={finishedAt} />. {error !== null && blames[error.blame]} {effectOf(deployment)}
    </>
  );
}

const placeOf = (error: Deployment['error']): string => (error?.host ? ` on host ${error.host}` : '');

function Waits({ deployment }: { deployment: Deployment }): VNode {
  const { hosts } = deployment;
  const isPrepared = hosts.some(({ state }) => state === 'ready');
  return (
    <>
      {isPrepared ? 'Prepared, and waits' : 'Waits'}.{' '}
      {deployment.waitingFor === null ? 'It may start now.' : <WaitsFor deployment={deployment} />}
    </>
  );
}

const causes: Readonly<Record<string, string>> = {
  build: 'Waits for a build',
  hold: 'On hold',
  approval: 'Needs approval',
  window: 'Waits for the window',
  deployment: 'Waits for another deployment',
  slot: 'Waits for its turn',
  host: 'Waits for a host',
  registry: 'Waits for the registry',
  balancer: 'Waits for the balancer',
};

function WaitsFor({ deployment: { waitingFor } }: { deployment: Deployment }): VNode | null {
  if (waitingFor === null) return null;
  const { code, message, until } = waitingFor;
  return (
    <>
      <b>{causes[code] ?? 'Waits'}</b>: {message}
      {until !== null && ` Until ${moment(until)}.`}
    </>
  );
}

/** What was done. */
function done({ kind, release, hosts, environment }: Deployment): string {
  const what = release?.tag ?? (release === null ? 'it' : `release ${release.number}`);
  const where = hosts.length === 0 ? environment : counted(hosts.length, 'host');
  const words = {
    deployment: `Deployed ${what} to ${where}`,
    rollback: `Rolled back to ${what} on ${where}`,
    repair: `Repaired ${what} on ${where}`,
    restart: `Restarted on ${where}`,
    stop: `Stopped on ${where}`,
    start: `Started on ${where}`,
    adopt: `Adopted what runs on ${where}`,
  } as const;
  return words[kind];
}

function took({ startedAt, finishedAt }: Deployment): string {
  return startedAt === null || finishedAt === null
    ? 'no time'
    : duration(Date.parse(finishedAt) - Date.parse(startedAt));
}

function nameOfRunning(deployment: Deployment): string {
  const open = deployment.steps.findLastIndex(({ finishedAt }) => finishedAt === null);
  return open < 0 ? '' : `, now ${stepName(deployment, open)}`;
}
