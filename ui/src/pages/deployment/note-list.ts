import type { Deployment } from '../../api/types.js';

export interface Note {
  readonly hosts: readonly string[];
  readonly text: string;
}

/** Its warnings, with those that several hosts share said once. */
export function notesOf({ warnings, hosts }: Pick<Deployment, 'warnings' | 'hosts'>): readonly Note[] {
  const names = new Set(hosts.map(({ host }) => host));
  const found = new Map<string, string[]>();
  for (const warning of warnings) {
    const [, host = '', text = ''] = /^([^\s:]+): ([^]*)$/.exec(warning) ?? [];
    const isOfHost = names.has(host);
    const key = isOfHost ? text : warning;
    found.set(key, [...(found.get(key) ?? []), ...(isOfHost ? [host] : [])]);
  }
  return [...found].map(([text, its]) => ({ hosts: [...new Set(its)].sort(), text }));
}
