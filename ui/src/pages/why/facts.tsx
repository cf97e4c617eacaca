import type { VNode } from 'preact';
import type { Why } from '../../api/types.js';
import { Copy } from '../../parts/copy.js';
import { shortCommit } from '../../parts/short.js';
import { Ago } from '../../parts/time.js';

/** What was compared, which image has it, and what led to it. */
export function Facts({ why }: { why: Why }): VNode {
  const { compared, coveredBy, chain, decision, ladder } = why;
  const held = ladder.find((rung) => rung.held === 'yes');
  const { deliveryId } = decision.trigger;
  return (
    <dl class="facts">
      {compared !== null && (
        <>
          <dt>Compared</dt>
          <dd>
            <Compared compared={compared} />
          </dd>
        </>
      )}
      {coveredBy !== null && (
        <>
          <dt>{decision.decision === 'skip' ? 'Covered by' : 'Image'}</dt>
          <dd>
            <Covered coveredBy={coveredBy} isSkip={decision.decision === 'skip'} />
          </dd>
        </>
      )}
      {chain.length > 0 && (
        <>
          <dt>Bases</dt>
          <dd>
            <Chain chain={chain} service={decision.service} />
          </dd>
        </>
      )}
      <dt>Rule</dt>
      <dd>
        {held?.words} <span class="mono soft">{decision.reason.code}</span>
      </dd>
      {saysMore(why) && (
        <>
          <dt>Recorded</dt>
          <dd>{decision.reason.message}</dd>
        </>
      )}
      {deliveryId !== null && (
        <>
          <dt>Delivery</dt>
          <dd>
            <a href={`/deliveries?delivery=${encodeURIComponent(deliveryId)}`}>
              <span class="mono">{deliveryId.slice(0, 8)}</span>
            </a>
            <span class="soft"> led to this decision</span>
          </dd>
        </>
      )}
    </dl>
  );
}

/** Whether the recorded words have more than the sentence, as where the paths are sorted otherwise by now. */
function saysMore({ sentence, asDecided, chain, decision: { reason } }: Why): boolean {
  if (sentence.toLowerCase().includes(reason.message.toLowerCase().replace(/\.$/, ''))) return false;
  return chain.length > 0 || !asDecided;
}

function Compared({ compared }: { compared: NonNullable<Why['compared']> }): VNode {
  const { base, baseTag, head, url } = compared;
  return (
    <>
      <span class="mono">{shortCommit(base)}</span>
      <span class="soft"> {baseTag === null ? '(last image)' : `(image ${baseTag})`} → </span>
      {head === base ? <span class="soft">the same commit</span> : <span class="mono">{shortCommit(head)}</span>}
      {url !== null && (
        <>
          {' · '}
          <a href={url} rel="noreferrer">
            diff on GitHub ↗
          </a>
        </>
      )}
    </>
  );
}

function Covered({ coveredBy, isSkip }: { coveredBy: NonNullable<Why['coveredBy']>; isSkip: boolean }): VNode {
  const { image, buildId } = coveredBy;
  const name = `${image.repository}:${image.tags[0] ?? ''}`;
  return (
    <>
      <a class="mono" href={`/builds/${encodeURIComponent(buildId)}`}>
        {name}
      </a>{' '}
      <Copy what="name and digest" text={`${name}@${image.digest}`} />
      {isSkip && <span class="soft"> has everything of this commit that counts</span>}
    </>
  );
}

function Chain({ chain, service }: { chain: Why['chain']; service: string }): VNode {
  return (
    <ol class="line">
      {chain.map(({ service: base, tag, buildId, at }) => (
        <li key={buildId}>
          <a href={`/builds/${encodeURIComponent(buildId)}`}>{base}</a> <span class="mono">{tag}</span>{' '}
          <span class="soft">
            <Ago at={at} /> →
          </span>
        </li>
      ))}
      <li>{service}</li>
    </ol>
  );
}
