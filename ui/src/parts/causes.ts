/** What leads to a decision, in the words of every page. */
const causes: Readonly<Record<string, string>> = {
  push: 'push',
  sweep: 'found by the sweep',
  'base-image': 'base image changed',
  packaging: 'packaging changed',
  settings: 'settings changed',
  manual: 'rebuild',
  retry: 'retry',
  api: 'call',
};

/** The words for a kind of trigger. */
export const causeOf = (kind: string): string => causes[kind] ?? kind;
