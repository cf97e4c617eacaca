import Type from 'typebox';
import { isoTime } from '../iso-time.js';
import { ledgerResults, type LedgerEntry } from '../store/contract.js';

import type { ApiDeps } from './deps.js';
import { fields, PageQuery, pageRequest } from './fields.js';
import { renderDelivery, renderListed } from './render.js';
import { answers, type App } from './route.js';
import { ledgerEntry, type LedgerEntryJson, schemas } from './schemas.js';

const schema = {
  operationId: 'getLedger',
  tags: ['deliveries'],
  summary: 'What came in and what followed, newest first',
  description:
    'Deliveries with how many services were built because of them, and between them the decisions that no delivery led to: of the sweep, of ' +
    'changed base images or settings, and of people. `result`: `built`, at least one build; `nothing`, looked at without a build; `waiting`, not ' +
    'looked at yet, or a service waits for its artifact.',
  querystring: Type.Object({
    repository: Type.Optional(fields.repository),
    commit: Type.Optional(fields.commitStart),
    result: Type.Optional(Type.Enum([...ledgerResults])),
    ...PageQuery.properties,
  }),
  response: answers({
    200: Type.Object({ entries: Type.Array(ledgerEntry), nextCursor: schemas.nullable(Type.String()) }),
  }),
};

/** `GET /api/v1/ledger`. */
export function ledgerRoutes(app: App, deps: ApiDeps): void {
  app.get('/api/v1/ledger', { schema, config: { access: 'read' } }, async ({ query }) => {
    const { repository } = query;
    const asked = { ...query, ...pageRequest(query) };
    const page = await deps.store.ledger.page(
      repository === undefined ? asked : { ...asked, services: servicesOf(repository, deps) },
    );
    const waiting = await deps.waiting.ofDeliveries(page.items.flatMap(({ delivery }) => delivery ?? []));
    const render = ({ delivery, decision, at, ...same }: LedgerEntry): LedgerEntryJson => ({
      ...same,
      at: isoTime(at),
      delivery: delivery && withoutDecisions(renderDelivery(delivery, [], waiting.get(delivery.id))),
      decision: decision && renderListed(decision),
    });
    return { entries: page.items.map(render), nextCursor: page.nextCursor };
  });
}

const withoutDecisions = ({ decisions: _, ...rest }: ReturnType<typeof renderDelivery>) => rest;

function servicesOf(repository: string, { services }: ApiDeps): readonly string[] {
  const name = repository.toLowerCase();
  return [...services().values()].filter((one) => one.repository.toLowerCase() === name).map((one) => one.name);
}
