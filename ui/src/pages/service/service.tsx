import { useQuery } from '@tanstack/preact-query';
import { useRoute } from 'preact-iso';
import type { VNode } from 'preact';
import { api, answerOf } from '../../api/client.js';
import { useLive } from '../../api/live.js';
import { overviewKey, useOverview } from '../../api/overview.js';
import type { Service } from '../../api/types.js';
import { Star } from '../../parts/star.js';
import { glyphOf, State } from '../../parts/state.js';
import { Loaded, useTitle } from '../../shell/page.js';
import { Branches } from './branches.js';
import { Builds } from './builds.js';
import { Decisions } from './decisions.js';
import { Rebuild } from './rebuild.js';
import { MadeWith, Rules } from './rules.js';
import { RunsIn } from './runs-in.js';
import { Sentence } from './sentence.js';
import './service.css';

const SHOWN_DECISIONS = 8;

/** `/services/NAME`: how it stands, its branches, why the last pushes were built or not, its history, where it runs, its rules. */
export function ServicePage(): VNode {
  const { name = '' } = useRoute().params;
  const key = ['service', name];
  useLive({ types: ['build', 'delivery', 'queue', 'configuration', 'deployment'], service: name }, [key, overviewKey]);
  const read = useQuery({
    queryKey: [...key, 'state'],
    queryFn: ({ signal }) => answerOf(api.GET('/api/v1/services/{name}', { params: { path: { name } }, signal })),
  });
  return <Loaded read={read}>{(service) => <Whole key={name} service={service} />}</Loaded>;
}

function Whole({ service }: { service: Service }): VNode {
  const { name, repository, path, image } = service;
  const row = useOverview().data?.services.find((one) => one.name === name);
  useTitle(row === undefined ? name : `${glyphOf(row.state)} ${name}`);
  const decisions = useQuery({
    queryKey: ['service', name, 'decisions'],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/v1/decisions', { params: { query: { service: name, limit: SHOWN_DECISIONS } }, signal })),
  });
  const rules = useQuery({
    queryKey: ['service', name, 'rules'],
    queryFn: ({ signal }) => answerOf(api.GET('/api/v1/services/{name}/rules', { params: { path: { name } }, signal })),
  });
  return (
    <>
      <div class="head">
        <h1>
          {name} {row && <State of={row.state} word />} {row?.drift && <State of="drift" word />}
        </h1>
        <Star name={name} />
        <span class="soft">
          {repository}
          {path !== '.' && ` · ${path}`} · image {image}
        </span>
        <span class="spring" />
        <Rebuild service={service} />
      </div>
      {row && <Sentence row={row} />}
      <div class="service-top">
        <Branches service={service} decisions={decisions.data?.decisions ?? null} />
        <RunsIn name={name} />
      </div>
      <section aria-labelledby="decisions-title">
        <h2 id="decisions-title">Decisions</h2>
        <Loaded read={decisions} rows={3}>
          {({ decisions: list }) => <Decisions decisions={list} />}
        </Loaded>
      </section>
      <Builds name={name} />
      <Loaded read={rules} rows={3}>
        {(its) => (
          <>
            <Rules service={service} rules={its} />
            <MadeWith service={service} rules={its} />
          </>
        )}
      </Loaded>
    </>
  );
}
