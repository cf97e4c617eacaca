import type { Clock } from '../clock.js';
import { asSlipwayError } from '../errors.js';
import { parseFullRef } from '../git-ref.js';
import type { Look } from '../model/look.js';
import { contextOf, newTrace, spanOf } from '../trace-context.js';
import type { TraceScope, Tracer } from '../tracer.js';
import { known, linksTo, refAttributes, repositoryAttributes } from './spans.js';

interface Deps {
  readonly tracer: Tracer;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Processes a look in a span. A look of Slipway's own begins a trace, with a link to what led to it, which is recorded only if something was
 * decided: most sweeps find nothing.
 */
export async function tracedLook(look: Look, work: () => Promise<void>, { tracer, clock }: Deps): Promise<void> {
  const parent = contextOf(look.traceparent);
  const context = parent === null ? newTrace() : spanOf(parent, `look ${look.id} ${look.attempt}`);
  const [scope, from] = [tracer.scope(context), clock.now()];
  let error: string | null = null;
  try {
    await tracer.within(scope, work);
  } catch (thrown) {
    error = asSlipwayError(thrown).code;
    throw thrown;
  } finally {
    if (parent !== null || scope.notes.size > 0)
      tracer.record({
        context,
        parent: parent?.spanId ?? null,
        kind: 'internal',
        name: 'look',
        ...{ from, to: clock.now() },
        attributes: attributesOf(look, scope, error),
        error,
        links: linksTo(context, [contextOf(look.traceLink)]),
      });
  }
}

function attributesOf({ repository, ref, after, trigger, attempt }: Look, { notes }: TraceScope, error: string | null) {
  const named = ref === null ? null : parseFullRef(ref);
  return known({
    ...repositoryAttributes(repository),
    ...(named && refAttributes(named)),
    'vcs.ref.head.revision': after,
    'error.type': error,
    'slipway.trigger': trigger.kind,
    'slipway.delivery.id': trigger.deliveryId,
    'slipway.look.attempt': attempt + 1,
    'slipway.decisions.build': 0,
    'slipway.decisions.skip': 0,
    ...Object.fromEntries(notes),
  });
}
