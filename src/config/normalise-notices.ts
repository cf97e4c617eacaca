import { Secret } from '../secret.js';
import { compileBranchPattern, isPatternFault } from '../patterns/pattern.js';
import type { Config, NoticeSettings } from './config.js';
import { builtInDefaults } from './defaults.js';
import { noticeTarget } from './notice-formats.js';
import type { WrittenConfig } from './schema.js';

export function noticesOf(written: WrittenConfig['notices'] = []): readonly NoticeSettings[] {
  return written.flatMap(({ to, secret, on = builtInDefaults.notice.on, ...filters }) => {
    const target = noticeTarget(to);
    if (target === null) return [];
    return {
      // An address may hold a token, so none is ever shown.
      to: target.kind === 'mail' ? target : { kind: target.kind, url: new Secret(target.url) },
      secret: secret === undefined ? null : new Secret(secret),
      on: new Set(on),
      services: patternsOf(filters.services),
      branches: patternsOf(filters.branches),
      environments: filters.environments ?? [],
    };
  });
}

const patternsOf = (texts: readonly string[] = []) =>
  texts.flatMap((text) => {
    const compiled = compileBranchPattern(text);
    return isPatternFault(compiled) ? [] : [compiled];
  });

export function mailOf(written: WrittenConfig['mail']): Config['mail'] {
  if (written === undefined) return null;
  const { host, port = builtInDefaults.mail.port, username, password, from } = written;
  return {
    host,
    port,
    from,
    username: username ?? null,
    password: password === undefined ? null : new Secret(password),
  };
}
