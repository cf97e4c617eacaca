import { parseRef } from '../git-ref.js';
import type { Deployment } from '../model/deployment.js';
import { deploymentSpanOf, type SpanContext } from '../trace-context.js';
import type { Span } from '../tracer.js';
import { known, linksTo, MAX_STEPS, parentOf, partOf, refAttributes } from './spans.js';

/**
 * The spans of a deployment that has ended: itself, how long it waited before it began, and its steps on each host. None if it belongs to
 * no trace. `build`: the span of the build that it waited for.
 */
export function deploymentSpans(deployment: Deployment, build: SpanContext | null): readonly Span[] {
  const { id, claim, kind, service, createdAt, startedAt, finishedAt, steps, error, traceparent } = deployment;
  const context = deploymentSpanOf(deployment);
  if (context === null || finishedAt === null) return [];
  const whole: Span = {
    context,
    parent: parentOf(context, traceparent),
    kind: 'internal',
    name: `${kind} ${service}`,
    from: createdAt,
    to: finishedAt,
    attributes: attributesOf(deployment),
    error: error?.code ?? null,
    links: linksTo(context, [build]),
  };
  const wait = partOf(context, `wait ${id}`, { name: 'queue wait', from: createdAt, to: startedAt ?? finishedAt });
  const parts = steps.slice(0, MAX_STEPS).map(({ name, host, startedAt: from, finishedAt: to, failed }, index) =>
    partOf(context, `step ${id} ${claim} ${index}`, {
      ...{ name, from, to: to ?? finishedAt },
      attributes: known({ 'cicd.pipeline.task.name': name, 'host.name': host }),
      error: failed === true ? (error?.code ?? 'internal') : null,
    }),
  );
  return [whole, wait, ...parts];
}

function attributesOf({ id, service, environment, status, kind, release, requester, error }: Deployment) {
  return known({
    'deployment.id': id,
    'deployment.environment.name': environment,
    'deployment.status': status === 'succeeded' || status === 'failed' ? status : null,
    ...(release && refAttributes(parseRef(release.branch))),
    'vcs.ref.head.revision': release?.commit,
    'container.image.tags': release?.tag ? [release.tag] : null,
    'container.image.repo_digests': release && [release.digest],
    'error.type': error?.code,
    'slipway.service': service,
    'slipway.release': release?.number,
    'slipway.deployment.kind': kind,
    'slipway.deployment.status': status,
    'slipway.by': requester.by,
  });
}
