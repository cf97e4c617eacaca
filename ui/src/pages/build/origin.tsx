import type { VNode } from 'preact';
import type { Build } from '../../api/types.js';
import { causeOf } from '../../parts/causes.js';
import { Copy } from '../../parts/copy.js';
import { counted } from '../../parts/short.js';
import { duration } from '../../parts/time.js';
import { Trace } from '../../parts/trace.js';
import { useBranchBuilds, useWhy } from './branch-builds.js';
import { tagsOf } from './images.js';

/** What led to it, how long it waited, and what came out. */
export function Origin({ build }: { build: Build }): VNode {
  const { trigger, reason, queuedAt, startedAt, image, warnings, reusedFrom } = build;
  const why = useWhy(build);
  const waited = startedAt === null ? null : Date.parse(startedAt) - Date.parse(queuedAt);
  return (
    <dl class="facts">
      <dt>Why</dt>
      <dd>
        <a href={why}>{reason.message}</a>
      </dd>
      <dt>Trigger</dt>
      <dd>
        {causeOf(trigger.kind)}
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
            <OtherTags build={build} />
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
      <Trace id={build.traceId} />
      {warnings.map(({ message }) => [
        <dt key={message} class="warn">
          △ Note
        </dt>,
        <dd key={`${message}-text`}>{message}</dd>,
      ])}
    </dl>
  );
}

/** The moving tags that the build wrote: those that its image has still, and where the others are now. */
function OtherTags({ build }: { build: Build }): VNode {
  const { own, moved } = tagsOf(build, useBranchBuilds(build));
  return (
    <span class="soft">
      {own.length > 0 && ` also ${own.join(', ')}`}
      {moved.map(({ tag, to }) => (
        <span key={tag}>
          {' · '}
          <span class="mono">{tag}</span> has moved on to{' '}
          <a class="mono" href={`/builds/${encodeURIComponent(to.id)}`}>
            {to.image?.tags[0]}
          </a>
        </span>
      ))}
    </span>
  );
}
