import { parseRef } from '../git-ref.js';
import type { Build, BuildStatus, Step } from '../model/build.js';
import { buildSpanOf, spanOf, type SpanContext } from '../trace-context.js';
import type { Span } from '../tracer.js';
import { known, linksTo, MAX_STEPS, parentOf, partOf, refAttributes, repositoryAttributes } from './spans.js';

const results: Partial<Record<BuildStatus, string>> = {
  succeeded: 'success',
  failed: 'failure',
  canceled: 'cancellation',
  superseded: 'skip',
};

/**
 * The spans of a build that has ended: itself, its time in the queue, and its steps. None if it belongs to no trace. `delivery`: the span
 * of the request that announced its commit.
 */
export function buildSpans(build: Build, delivery: SpanContext | null): readonly Span[] {
  const { id, service, queuedAt, startedAt, finishedAt, steps, error, traceparent } = build;
  const context = buildSpanOf(build);
  if (context === null || finishedAt === null) return [];
  const whole: Span = {
    context,
    parent: parentOf(context, traceparent),
    kind: 'internal',
    name: `build ${service}`,
    from: queuedAt,
    to: finishedAt,
    attributes: attributesOf(build),
    error: error?.code ?? null,
    links: linksTo(context, [delivery]),
  };
  const wait = partOf(context, `wait ${id}`, { name: 'queue wait', from: queuedAt, to: startedAt ?? finishedAt });
  return [whole, wait, ...stepSpans(build, steps.slice(0, MAX_STEPS), context, finishedAt)];
}

function stepSpans({ id, claim, error }: Build, steps: readonly Step[], whole: SpanContext, end: number): Span[] {
  const failed = error === null ? -1 : steps.findLastIndex(({ name }) => name === error.step);
  const subjectOf = (index: number) => `step ${id} ${claim} ${index}`;
  /** The step of Slipway's own that goes on. */
  let around: { readonly spanId: string; readonly to: number } | null = null;
  return steps.map((step, index) => {
    const { name, kind, startedAt: from, cached, reused } = step;
    const to = step.finishedAt ?? end;
    const isWithin = kind !== 'slipway' && around !== null && from <= around.to;
    const parent = isWithin && around !== null ? around.spanId : whole.spanId;
    if (kind === 'slipway') around = { spanId: spanOf(whole, subjectOf(index)).spanId, to };
    const attributes = known({
      'cicd.pipeline.task.name': name,
      'slipway.step.kind': kind,
      'slipway.step.cached': cached,
      'slipway.step.reused': reused,
    });
    const code = index === failed ? (error?.code ?? null) : null;
    return partOf(whole, subjectOf(index), { name, parent, from, to, attributes, error: code });
  });
}

function attributesOf(build: Build): Span['attributes'] {
  const { image, error, trigger, reason } = build;
  return known({
    'cicd.pipeline.name': build.service,
    'cicd.pipeline.run.id': build.id,
    'cicd.pipeline.result': results[build.status],
    ...repositoryAttributes(build.repository),
    ...refAttributes(parseRef(build.branch)),
    'vcs.ref.head.revision': build.commit,
    'container.image.name': image?.repository,
    'container.image.tags': image?.tags,
    'container.image.repo_digests': image && [`${image.repository}@${image.digest}`],
    'error.type': error?.code,
    'slipway.service': build.service,
    'slipway.build.outcome': build.outcome,
    'slipway.build.attempt': build.attempt + 1,
    'slipway.delivery.id': trigger.deliveryId,
    'slipway.trigger': trigger.kind,
    'slipway.reason': reason.code,
  });
}
