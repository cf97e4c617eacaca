import { asSlipwayError, SlipwayError } from '../../../errors.js';
import type { Secret } from '../../../secret.js';
import { askJson, sendJson, type JsonMessage, type Sending } from '../send/send-json.js';

export interface GithubApiOptions extends Sending {
  /** Root of the REST API. */
  readonly apiUrl: string;
  /** What may be done in a repository, `owner/name`. Fails as the API does. */
  readonly tokenFor: (repository: string) => Promise<Secret>;
  /** Called if the token is refused and another one can be made. */
  readonly forget?: (repository: string) => void;
  /** Default: 10 s. */
  readonly timeoutMs?: number;
}

type Body = Pick<JsonMessage, 'method' | 'body'>;

/** Calls below `/repos/OWNER/NAME`. They fail as `sendJson` does. */
export interface GithubApi {
  /** The answer is not read. */
  send(repository: string, path: string, body: Body): Promise<void>;
  ask(repository: string, path: string, body: Body): Promise<unknown>;
}

export const githubHeaders = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' } as const;

export function createGithubApi(options: GithubApiOptions): GithubApi {
  const message = async (repository: string, path: string, body: Body): Promise<JsonMessage> => ({
    ...body,
    url: new URL(`${options.apiUrl}/repos/${repository}${path}`),
    headers: { ...githubHeaders, authorization: `Bearer ${(await options.tokenFor(repository)).reveal()}` },
    timeoutMs: options.timeoutMs ?? 10_000,
    redirects: 'follow',
  });
  const { forget } = options;
  const again = (repository: string) => (thrown: unknown) => {
    const error = asSlipwayError(thrown);
    if (forget === undefined || error.extra['status'] !== 401) throw error;
    forget(repository);
    throw new SlipwayError('notice-failed', error.message, { cause: error });
  };
  return {
    send: async (repository, path, body) =>
      sendJson(options, await message(repository, path, body)).catch(again(repository)),
    ask: async (repository, path, body) =>
      askJson(options, await message(repository, path, body)).catch(again(repository)),
  };
}
