import type { SpanContext } from '../trace-context.js';
import { contextOf, spanOf } from '../trace-context.js';
import type { Attributes, Span } from '../tracer.js';

/** More spans of one build or deployment are left out. */
export const MAX_STEPS = 500;

type Given = Readonly<Record<string, Attributes[string] | null | undefined>>;

/** Those attributes that are known. */
export const known = (given: Given): Attributes =>
  Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, Attributes[string]] => {
      const [, value] = entry;
      return value !== null && value !== undefined;
    }),
  );

/** The span that a row names as its parent. Null: the row's own span is the first of its trace. */
export function parentOf(own: SpanContext, traceparent: string | undefined): string | null {
  const spanId = contextOf(traceparent)?.spanId ?? null;
  return spanId === own.spanId ? null : spanId;
}

/** Of those contexts, the ones of other traces. */
export const linksTo = (own: SpanContext, others: readonly (SpanContext | null)[]): readonly SpanContext[] =>
  others.flatMap((other) => (other === null || other.traceId === own.traceId ? [] : [other]));

/** A part of what a span stands for. */
export const partOf = (
  whole: SpanContext,
  subject: string,
  about: Pick<Span, 'name' | 'from' | 'to'> & Partial<Pick<Span, 'attributes' | 'error' | 'parent'>>,
): Span => ({
  context: spanOf(whole, subject),
  parent: whole.spanId,
  kind: 'internal',
  attributes: {},
  error: null,
  links: [],
  ...about,
});

/** `owner/name` by OpenTelemetry's names. */
export function repositoryAttributes(repository: string): Given {
  const [owner, ...name] = repository.split('/');
  return name.length === 0
    ? { 'vcs.repository.name': repository }
    : { 'vcs.owner.name': owner, 'vcs.repository.name': name.join('/') };
}

/** A branch or git tag, as rows name it, by OpenTelemetry's names. */
export const refAttributes = ({ kind, name }: { readonly kind: 'branch' | 'tag'; readonly name: string }): Given => ({
  'vcs.ref.head.name': name,
  'vcs.ref.head.type': kind,
});
