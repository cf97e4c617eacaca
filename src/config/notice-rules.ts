import type { Fault } from './config.js';
import { placeOf } from './describe.js';
import { fault, unknownName } from './fault.js';
import { noticeTarget } from './notice-formats.js';
import { namesAt, writtenAt, type Sketch } from './sketch.js';

/** Checks who is notified against the rest. `written` is the whole file. */
export function noticeFaults({ notices = [], mail }: Sketch, written: unknown): Fault[] {
  const environments = namesAt(written, 'environments');
  const each = notices.flatMap((notice = {}, index) => {
    const place = placeOf('notices', index);
    const kind = notice.to === undefined ? null : (noticeTarget(notice.to)?.kind ?? null);
    return [
      ...secretFaults(kind, notice.secret !== undefined, place),
      ...(kind === 'mail' && writtenAt(written, 'mail') === undefined
        ? [fault(`${place}.to`, 'needs the section mail')]
        : []),
      ...(notice.environments ?? []).flatMap((name, at) =>
        name === undefined || environments === null || environments.includes(name)
          ? []
          : [unknownName(placeOf(`${place}.environments`, at), name, environments, 'environment')],
      ),
    ];
  });
  return [...each, ...loginFaults(mail ?? {})];
}

function secretFaults(kind: string | null, hasSecret: boolean, place: string): Fault[] {
  if (kind === 'webhook' && !hasSecret) return [fault(`${place}.secret`, 'is required with an address')];
  if (kind !== null && kind !== 'webhook' && hasSecret)
    return [fault(`${place}.secret`, 'is for addresses alone: nothing else is signed')];
  return [];
}

function loginFaults({ username, password }: NonNullable<Sketch['mail']>): Fault[] {
  if (Boolean(username) === Boolean(password)) return [];
  return [
    username
      ? fault('mail.password', 'is required with mail.username')
      : fault('mail.username', 'is required with mail.password'),
  ];
}
