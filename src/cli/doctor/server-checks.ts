import type { operations } from '../../../ui/src/api/schema.js';
import { ago } from '../remote/moment.js';
import { few, note, type Check } from './check.js';

export type System = operations['getSystem']['responses'][200]['content']['application/json'];

/** The checks of a server, with those of its webhooks. `now`: milliseconds since the epoch. */
export function serverChecks({ checks, webhooks }: System, now: number): readonly Check[] {
  const { repositories, refused } = webhooks;
  const silent = repositories.filter(({ lastHeardAt }) => lastHeardAt === null).map(({ repository }) => repository);
  const [last] = refused;
  return [
    ...checks,
    ...(silent.length === 0
      ? []
      : [
          note(
            'webhooks',
            `${silent.length} of ${repositories.length} repositories were never heard: ${few(silent)}`,
            'Look at the webhook of each at GitHub: its address, its secret, and its recent deliveries.',
          ),
        ]),
    ...(last === undefined
      ? []
      : [
          note(
            'refused',
            `a request to the webhook was refused ${ago(last.at, now)}: ${last.code}`,
            'Compare the secret at GitHub with github.webhookSecrets. Somebody else may have sent it.',
          ),
        ]),
  ];
}
