import type { VNode } from 'preact';
import type { Build } from '../../api/types.js';
import { Copy } from '../../parts/copy.js';
import { whyAddress } from '../../parts/decided.js';
import { counted } from '../../parts/short.js';
import { duration } from '../../parts/time.js';

/** What led to it, how long it waited, and what came out. */
export function Origin({ build }: { build: Build }): VNode {
  const { trigger, reason, service, commit, queuedAt, startedAt, image, warnings, reusedFrom } = build;
  const waited = startedAt === null ? null : Date.parse(startedAt) - Date.parse(queuedAt);
  return (
    <dl class="facts">
      <dt>Why</dt>
      <dd>
        <a href={whyAddress(service, commit, build.branch)}>{reason.message}</a>
      </dd>
      <dt>Trigger</dt>
      <dd>
        {trigger.kind}
        {trigger.by !== null && ` by ${trigger.by}`}
        {trigger.deliveryId !== null && (
          <>
            {' · '}
            <a href={`/deliveries?delivery=${encodeURIComponent(trigger.deliveryId)}`}>delivery</a>
          </>
        )}
        {waited !== null && ` · waited ${duration(waited)}`}
        {build.attempt > 1 && ` · ${counted(build.attempt, 'attempt')}`}
      </dd>
      {image !== null && (
        <>
          <dt>Image</dt>
          <dd>
            <span class="mono">
              {image.repository}:{image.tags[0]}
            </span>{' '}
            <Copy what="name and digest" text={`${image.repository}:${image.tags[0] ?? ''}@${image.digest}`} />
            {image.tags.length > 1 && <span class="soft"> also {image.tags.slice(1).join(', ')}</span>}
          </dd>
        </>
      )}
      {reusedFrom !== null && (
        <>
          <dt>Reused from</dt>
          <dd>
            <a href={`/builds/${encodeURIComponent(reusedFrom)}`}>build {reusedFrom}</a>
          </dd>
        </>
      )}
      {build.dockerfile !== null && (
        <>
          <dt>Dockerfile</dt>
          <dd>
            <span class="mono">{build.dockerfile.path}</span>
            <span class="soft"> {build.dockerfile.source}</span>
          </dd>
        </>
      )}
      {warnings.map(({ message }) => [
        <dt key={message} class="warn">
          △ Note
        </dt>,
        <dd key={`${message}-text`}>{message}</dd>,
      ])}
    </dl>
  );
}
