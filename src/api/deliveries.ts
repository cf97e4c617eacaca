import Type from 'typebox';
import { SlipwayError } from '../errors.js';
import type { Delivery } from '../model/delivery.js';
import type { ApiDeps } from './deps.js';
import { fields, IdParams, KeyHeaders, keyOf, PageQuery, pageRequest } from './fields.js';
import { answers, described, posted, type App } from './route.js';
import { schemas, type DeliveryJson } from './schemas.js';
import { showDeliveries } from './show.js';

const tags = ['deliveries'];

const listSchema = {
  operationId: 'listDeliveries',
  tags,
  summary: 'What came in, newest first',
  querystring: Type.Object({
    repository: Type.Optional(fields.repository),
    commit: Type.Optional(fields.commitStart),
    status: Type.Optional(Type.Enum(['accepted', 'planned', 'ignored', 'failed'])),
    ...PageQuery.properties,
  }),
  response: answers({
    200: Type.Object({ deliveries: Type.Array(schemas.delivery), nextCursor: schemas.nullable(Type.String()) }),
  }),
};
const getSchema = {
  operationId: 'getDelivery',
  tags,
  summary: 'One delivery, with what was decided and why',
  params: IdParams,
  response: answers({ 200: schemas.delivery }, ['unknown-delivery']),
};
const replaySchema = {
  operationId: 'replayDelivery',
  tags,
  summary: 'Look again at what a delivery is about',
  params: IdParams,
  headers: KeyHeaders,
  response: answers({ 202: described(schemas.delivery, 'As it was; the look is yet to come.') }, [
    'unknown-delivery',
    'idempotency-conflict',
    ...posted,
  ]),
};

/** The ledger of webhook requests. */
export function deliveryRoutes(app: App, deps: ApiDeps): void {
  app.get('/api/v1/deliveries', { schema: listSchema, config: { access: 'read' } }, async ({ query }) => {
    const page = await deps.store.deliveries.page({ ...query, ...pageRequest(query) });
    return { deliveries: await showDeliveries(deps, page.items), nextCursor: page.nextCursor };
  });
  app.get('/api/v1/deliveries/:id', { schema: getSchema, config: { access: 'read' } }, async ({ params }) =>
    show(deps, await requireDelivery(deps, params.id)),
  );
  app.post(
    '/api/v1/deliveries/:id/replay',
    { schema: replaySchema, config: { access: 'build' } },
    async ({ params, headers, caller }, reply) => {
      const delivery = await requireDelivery(deps, params.id);
      await deps.operations.replay(delivery.id, caller, keyOf(headers));
      return reply.status(202).send(await show(deps, delivery));
    },
  );
}

async function requireDelivery({ store }: ApiDeps, id: string): Promise<Delivery> {
  const delivery = await store.deliveries.get(id);
  if (delivery) return delivery;
  throw new SlipwayError('unknown-delivery', `No delivery has the id ${JSON.stringify(id)}.`);
}

async function show(deps: ApiDeps, delivery: Delivery): Promise<DeliveryJson> {
  const [shown] = await showDeliveries(deps, [delivery]);
  if (shown) return shown;
  throw new SlipwayError('internal', `The delivery ${delivery.id} was not shown.`);
}
