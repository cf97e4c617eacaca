import type { VNode } from 'preact';
import { Copy } from './copy.js';

const SHOWN_CHARACTERS = 8;

/** A row of facts: the trace that something belongs to, if there is one. */
export function Trace({ id }: { id: string | null | undefined }): VNode | null {
  if (id === null || id === undefined) return null;
  return (
    <>
      <dt>Trace</dt>
      <dd>
        <span class="mono" title={id}>
          {id.slice(0, SHOWN_CHARACTERS)}…
        </span>{' '}
        <Copy what="id of the trace" text={id} />
      </dd>
    </>
  );
}
