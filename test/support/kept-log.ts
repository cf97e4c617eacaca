import type { Log } from '../../src/log.js';

export interface KeptLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly bindings: object;
  readonly message: string;
}

/** A log whose lines can be looked at afterwards. */
export function keptLog(): Log & { readonly lines: KeptLine[] } {
  const lines: KeptLine[] = [];
  const at = (outer: object): Log => {
    const keep = (level: KeptLine['level']) => (bindings: object, message: string) => {
      lines.push({ level, bindings: { ...outer, ...bindings }, message });
    };
    return {
      debug: keep('debug'),
      info: keep('info'),
      warn: keep('warn'),
      error: keep('error'),
      child: (inner) => at({ ...outer, ...inner }),
    };
  };
  return { ...at({}), lines };
}
