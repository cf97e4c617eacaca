import type { Build, BuildStatus } from '../../api/types.js';

/** What the list of builds is limited to. It lives in the address. */
export interface BuildFilter {
  readonly service?: string;
  readonly branch?: string;
  readonly commit?: string;
  readonly status?: BuildStatus;
}

export const fields = ['service', 'branch', 'commit', 'status'] as const;

export const statuses: readonly BuildStatus[] = ['queued', 'running', 'succeeded', 'failed', 'canceled', 'superseded'];

/** The beginning of a commit id, as the API takes it. */
export const commitForm = '[0-9a-fA-F]{4,64}';

/** The filter of an address. What the API would refuse is left out. */
export function filterOf(query: Readonly<Record<string, string>>): BuildFilter {
  const { service, branch, commit } = query;
  const status = statuses.find((one) => one === query['status']);
  return {
    ...(service && { service }),
    ...(branch && { branch }),
    ...(commit && new RegExp(`^${commitForm}$`).test(commit) && { commit: commit.toLowerCase() }),
    ...(status && { status }),
  };
}

/** The address of a filter. */
export function addressOf(filter: BuildFilter): string {
  const given = fields.flatMap((name): [string, string][] => (filter[name] ? [[name, filter[name]]] : []));
  return given.length === 0 ? '/builds' : `/builds?${new URLSearchParams(given)}`;
}

/** Those that have ended. The others have lists of their own. */
export const ended = (builds: readonly Build[]): Build[] => builds.filter(({ finishedAt }) => finishedAt !== null);

/** In the order in which they begin. */
export const inLine = (builds: readonly Build[]): Build[] =>
  [...builds].sort((a, b) => (a.position ?? Infinity) - (b.position ?? Infinity) || (a.id < b.id ? -1 : 1));

/** What came of a build that has ended, in one line. */
export function endOf({ status, outcome, image, error, reason }: Build): string {
  switch (status) {
    case 'failed':
      return error === null ? 'Failed.' : `${error.step === null ? '' : `${error.step}: `}${error.message}`;
    case 'canceled':
      return `Canceled. ${reason.message}`;
    case 'superseded':
      return 'The branch has moved on.';
    default:
      return outcome === 'reused' && image !== null ? 'An image of the same inputs was there.' : reason.message;
  }
}
