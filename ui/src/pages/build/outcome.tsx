import type { VNode } from 'preact';
import type { Build } from '../../api/types.js';
import { blames } from '../../parts/blame.js';
import { Ago, duration, Running } from '../../parts/time.js';
import { useBranchBuilds } from './branch-builds.js';
import { isAsBefore } from './images.js';

/** How a build ended or stands, in one sentence. */
export function Outcome({ build }: { build: Build }): VNode {
  const { status, startedAt, finishedAt } = build;
  switch (status) {
    case 'queued':
      return <Waits build={build} />;
    case 'running':
      return (
        <>
          Runs for {startedAt !== null && <Running since={startedAt} />}
          {nameOfRunning(build)}.
        </>
      );
    case 'succeeded':
      return <Made build={build} />;
    case 'failed':
      return <Failed build={build} />;
    case 'canceled':
      return (
        <>
          Canceled <Ago at={finishedAt} />.
        </>
      );
    case 'superseded':
      return (
        <>
          No longer needed: the branch has moved on. <Ago at={finishedAt} />.
        </>
      );
  }
}

function Waits({ build: { position, queuedAt, waitingFor } }: { build: Build }): VNode {
  return (
    <>
      Waits{position !== null && ` as number ${position}`} since <Ago at={queuedAt} />.{' '}
      {waitingFor?.message ?? 'It may start now.'}
    </>
  );
}

function Made({ build }: { build: Build }): VNode {
  const isReused = build.outcome === 'reused';
  const isSame = isAsBefore(build, useBranchBuilds(build));
  return (
    <>
      {isReused ? 'Reused' : 'Built'} <b class="mono">{build.image?.tags[0]}</b> in {took(build)}
      {isReused && ', because an image of the same inputs was there'}
      {!isReused && isSame && ': the same image as before'}, <Ago at={build.finishedAt} />.
    </>
  );
}

function Failed({ build }: { build: Build }): VNode {
  const { error, finishedAt } = build;
  return (
    <>
      Failed{error?.step && ` at ${error.step}`} after {took(build)}
      {error !== null && `. ${blames[error.blame] ?? ''}`} <Ago at={finishedAt} />
    </>
  );
}

function took({ startedAt, finishedAt }: Build): string {
  return startedAt === null || finishedAt === null
    ? 'no time'
    : duration(Date.parse(finishedAt) - Date.parse(startedAt));
}

function nameOfRunning({ steps }: Build): string {
  const open = steps.filter(({ finishedAt }) => finishedAt === null).at(-1);
  return open === undefined ? '' : `, now ${open.name}`;
}
