import { useQuery } from '@tanstack/preact-query';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { ask } from '../../api/client.js';
import { isLoggedIn } from '../../api/session.js';
import type { Deployment } from '../../api/types.js';
import { Changes, Commits } from '../../deploy/changes.js';
import { planOf } from '../../deploy/wish.js';
import { lineDiff, type DiffLine } from './line-diff.js';

/** What it changes: the plan while that is still ahead, and afterwards how the run files differ. */
export function Differences({ deployment }: { deployment: Deployment }): VNode | null {
  const { kind, finishedAt, release, from } = deployment;
  // Plans and run files need a token, even if everybody may read.
  if (!isLoggedIn.value || release === null) return null;
  if (finishedAt === null)
    return kind === 'deployment' ? <Ahead deployment={deployment} number={release.number} /> : null;
  if (from === null || from.number === release.number) return null;
  return <RunFiles deployment={deployment} from={from.number} to={release.number} />;
}

function Ahead({ deployment, number }: { deployment: Deployment; number: number }): VNode | null {
  const { id, service, environment } = deployment;
  const wish = {
    service,
    environment,
    target: { release: number },
    isRollback: false,
    force: true,
    useKept: false,
    retryOf: null,
  };
  const { data } = useQuery({ queryKey: ['ahead', id], queryFn: ({ signal }) => planOf(wish, signal) });
  if (
    data === undefined ||
    (data.commits.length === 0 && data.hosts.every(({ parameters }) => parameters.length === 0))
  )
    return null;
  return (
    <section class="part" aria-labelledby="changes-title">
      <h2 id="changes-title">What it changes</h2>
      <Changes hosts={data.hosts} />
      <Commits commits={data.commits} />
    </section>
  );
}

function RunFiles({ deployment, from, to }: { deployment: Deployment; from: number; to: number }): VNode {
  const { service, environment } = deployment;
  const isOpen = useSignal(false);
  const textOf = async (number: number, signal: AbortSignal) => {
    const path = `/api/v1/releases/${encodeURIComponent(service)}/${number}/compose`;
    return (await ask(`${path}?environment=${encodeURIComponent(environment)}`, { signal })).text();
  };
  const { data, error } = useQuery({
    queryKey: ['run-files', service, environment, from, to],
    queryFn: async ({ signal }) => lineDiff(...(await Promise.all([textOf(from, signal), textOf(to, signal)]))),
    enabled: isOpen.value,
  });
  return (
    <details class="part" onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
      <summary>
        <h2>
          How release {to} is run, compared with release {from}
        </h2>
      </summary>
      <p class="soft">The effective run files, with today’s settings of {environment}.</p>
      {error !== null && <p class="bad">{error.message}</p>}
      {data !== undefined && <Diff lines={data} />}
    </details>
  );
}

const signs = { same: ' ', removed: '-', added: '+' } as const;

function Diff({ lines }: { lines: readonly DiffLine[] }): VNode {
  return (
    <pre class="snippet diff" tabIndex={0} aria-label="Differences of the run files">
      {lines.map(({ kind, text }, index) => (
        <div key={index} class={kind}>
          {signs[kind]} {text}
        </div>
      ))}
    </pre>
  );
}
