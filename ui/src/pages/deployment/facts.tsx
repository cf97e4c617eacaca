import type { VNode } from 'preact';
import type { Deployment } from '../../api/types.js';
import { useRelease } from '../../deploy/queries.js';
import { Copy } from '../../parts/copy.js';
import { whyAddress } from '../../parts/decided.js';
import { ImageOf } from '../../parts/image-of.js';
import { refName, shortCommit } from '../../parts/short.js';
import { Ago } from '../../parts/time.js';
import { Trace } from '../../parts/trace.js';

/** Who asked for it and why, what it brings, who approved. */
export function Facts({ deployment }: { deployment: Deployment }): VNode {
  const { kind, requestedBy, createdAt, reference, reason, approvals, force } = deployment;
  return (
    <dl class="facts">
      <dt>Asked for by</dt>
      <dd>
        {requestedBy}, <Ago at={createdAt} />
        {kind !== 'deployment' && ` · ${kind}`}
        {force && ' · although it was blocked'}
      </dd>
      {reference !== null && (
        <>
          <dt>Ticket</dt>
          <dd>{reference}</dd>
        </>
      )}
      {reason !== null && (
        <>
          <dt>Reason</dt>
          <dd>{reason}</dd>
        </>
      )}
      <Brings deployment={deployment} />
      {approvals.length > 0 && (
        <>
          <dt>Approved by</dt>
          <dd>
            {approvals.map(({ by, at }, index) => (
              <span key={by}>
                {index > 0 && ', '}
                {by} (<Ago at={at} />)
              </span>
            ))}
          </dd>
        </>
      )}
      <Trace id={deployment.traceId} />
    </dl>
  );
}

/** From which release to which, with where that came from. */
function Brings({ deployment: { service, from, release } }: { deployment: Deployment }): VNode | null {
  const { data } = useRelease(service, release?.number ?? null);
  if (release === null) return null;
  const { number, tag, digest, branch, commit } = release;
  const repository = data?.image.repository ?? service;
  return (
    <>
      <dt>Release</dt>
      <dd>
        {from !== null && from.number !== number && (
          <>
            <span class="mono">{from.tag ?? `release ${from.number}`}</span>
            {from.tag !== null && <span class="soft"> release {from.number}</span>}
            {' → '}
          </>
        )}
        <b class="mono">{tag ?? `release ${number}`}</b>{' '}
        <Copy what="name and digest" text={`${repository}${tag === null ? '' : `:${tag}`}@${digest}`} />
        <span class="soft">
          {' '}
          release {number} of {refName(branch)}, commit{' '}
          <a class="mono" href={whyAddress(service, commit, branch)}>
            {shortCommit(commit)}
          </a>
          <ImageOf commit={commit} tag={tag} />
          {typeof data?.buildId === 'string' && (
            <>
              {' · '}
              <a href={`/builds/${encodeURIComponent(data.buildId)}`}>its build</a>
            </>
          )}
        </span>
      </dd>
    </>
  );
}
