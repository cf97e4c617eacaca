import { memberOf, textOf, type JsonObject } from '../../docker/answer.js';
import type { ContainerAction, ContainerEvent } from '../contract.js';
import { numberOf, recordOf } from './container-state.js';

const actions: readonly ContainerAction[] = [
  'create',
  'start',
  'die',
  'stop',
  'kill',
  'oom',
  'restart',
  'update',
  'rename',
  'destroy',
];
const NANOSECONDS_PER_MS = 1e6;

/** One line of the engine's `GET /events`. Null for what happens besides, such as a command that runs in a container. */
export function readEvent(line: JsonObject): ContainerEvent | null {
  const word = textOf(line, 'Action');
  const action = word.startsWith('health_status') ? 'health' : actions.find((one) => one === word);
  const actor = memberOf(line, 'Actor');
  if (action === undefined || textOf(line, 'Type') !== 'container') return null;
  const attributes = recordOf(actor['Attributes']);
  return {
    at: Math.floor(numberOf(line['timeNano']) / NANOSECONDS_PER_MS),
    action,
    id: textOf(actor, 'ID'),
    name: attributes['name'] ?? '',
    attributes,
  };
}
