import type { VNode } from 'preact';
import { State, type StateName } from '../../parts/state.js';

const marks: readonly (readonly [StateName, string, string])[] = [
  ['in-step', '', 'All hosts run what is wanted.'],
  ['behind', '1', 'Behind: its branch has that many newer releases. Releases of other branches do not count.'],
  ['failed', '', 'The newest deployment failed. If something ran before, it keeps running.'],
  ['rolled-back', '', 'The newest deployment had begun to replace what runs, and went back.'],
  ['other', '', 'Drifted: a host does not run what is wanted, or a container was changed by hand.'],
  ['running', '', 'A deployment runs.'],
  ['pending', '', 'A deployment waits.'],
  ['changes', '', 'Settings changed. They apply with the next deployment.'],
  ['stopped', '', 'Somebody stopped it.'],
  ['unknown', '', 'A host cannot be reached, so what it runs is not known.'],
];

/** What the marks of the matrix mean, and its words. */
export function Legend(): VNode {
  return (
    <details class="legend">
      <summary>What the marks mean</summary>
      <dl class="facts">
        {marks.map(([state, short, words]) => [
          <dt key={state}>
            <State of={state} />
            {short !== '' && <span class="warn">{short}</span>}
          </dt>,
          <dd key={`${state}-words`}>{words}</dd>,
        ])}
        <dt class="tabular">1/2</dt>
        <dd>One of two hosts runs what is wanted.</dd>
        <dt>frozen</dt>
        <dd>Somebody holds the environment: deployments wait until that is lifted. Rollbacks and restarts go on.</dd>
      </dl>
    </details>
  );
}
