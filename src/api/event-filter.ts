import { SlipwayError } from '../errors.js';
import type { SlipwayEvent } from '../events.js';
import { nearNames } from '../near-names.js';

/** The events that clients get. */
export const clientTypes = [
  'build',
  'step',
  'queue',
  'log',
  'delivery',
  'webhook',
  'deployment',
  'observation',
  'hold',
  'configuration',
] as const satisfies readonly SlipwayEvent['type'][];

type ClientType = (typeof clientTypes)[number];
/** An event that clients may get. */
export type ClientEvent = Extract<SlipwayEvent, { readonly type: ClientType }>;

const filterFields = ['service', 'build', 'deployment', 'environment'] as const;
type Fields = Partial<Readonly<Record<(typeof filterFields)[number], string | undefined>>>;

/** What a client watches. Builds and deployments are meant by their ids. */
export interface EventFilter extends Fields {
  /** Null: every type. */
  readonly types: ReadonlySet<string> | null;
}

/** The filter of a request. Fails with `invalid-request` if it names an event that there is not, or logs without saying whose. */
export function eventFilter({ types, ...fields }: Fields & { readonly types?: string | undefined }): EventFilter {
  const named = types === undefined ? null : new Set(types.split(',').map((type) => type.trim()));
  for (const type of named ?? []) {
    if (!isOne(type)) throw refused(`${JSON.stringify(type)} is no event: ${clientTypes.join(', ')}`, type);
  }
  if (named?.has('log') && fields.build === undefined && fields.deployment === undefined) {
    throw refused('"log" is sent only of one build or deployment: name it as build or deployment');
  }
  return { types: named, ...fields };
}

function refused(message: string, type?: string): SlipwayError {
  const suggestions = type === undefined ? [] : nearNames(type.toLowerCase(), clientTypes);
  const faults = [{ field: 'types', message }];
  return new SlipwayError('invalid-request', `types: ${message}.`, { extra: { faults, suggestions } });
}

const isOne = (type: string): type is ClientType => (clientTypes as readonly string[]).includes(type);

/** Whether clients may get the event at all. */
export const isForClients = (event: SlipwayEvent): event is ClientEvent => isOne(event.type);

/** The same for equal filters. */
export function filterKey({ types, ...fields }: EventFilter): string {
  return JSON.stringify([types && [...types].sort(), filterFields.map((name) => fields[name] ?? null)]);
}

/** Whether a client with that filter gets the event. One without a field that is asked for passes only if its type is named. */
export function passes(event: ClientEvent, filter: EventFilter): boolean {
  const { types } = filter;
  if (types !== null && !types.has(event.type)) return false;
  if (event.type === 'log') return event.id === filter.build || event.id === filter.deployment;
  const has = fieldsOf(event);
  return filterFields.every((name) => {
    const asked = filter[name];
    return asked === undefined || (has[name] === undefined ? types !== null : has[name] === asked);
  });
}

function fieldsOf(event: ClientEvent): Fields {
  switch (event.type) {
    case 'build':
    case 'step':
      return { service: event.service, build: event.id };
    case 'deployment':
      return { service: event.service, environment: event.environment, deployment: event.id };
    case 'observation':
    case 'hold':
      return { environment: event.environment };
    default:
      return {};
  }
}

/** What the event is about. Of two events about the same, the newer one says all. */
export function subjectOf(event: ClientEvent): string {
  switch (event.type) {
    case 'step':
      return `step ${event.index} ${event.id}`;
    case 'observation':
      return `observation ${event.host} ${event.environment}`;
    case 'hold':
      return `hold ${event.environment}`;
    case 'queue':
    case 'webhook':
    case 'configuration':
      return event.type;
    default:
      return `${event.type} ${event.id}`;
  }
}
