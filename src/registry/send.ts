import type { Log } from '../log.js';
import type { Authorizer } from './authorizer.js';
import type { Answer, Exchange, Transport } from './transport.js';

export type Request = Pick<Exchange, 'method' | 'url' | 'limit'> & {
  readonly scope: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
};
export type Send = (request: Request) => Promise<Answer>;

/** Sends a request with known authorization, and again if the registry demands another. */
export function createSend(transport: Transport, authorizer: Authorizer, log: Log): Send {
  return async ({ scope, headers, ...request }) => {
    const attempt = async (authorization: string | null) => {
      const answer = await transport.send({
        ...request,
        headers: { ...headers, ...(authorization === null ? {} : { authorization }) },
      });
      log.debug({ method: request.method, path: request.url.pathname, status: answer.status }, 'registry answered');
      return answer;
    };
    const known = authorizer.known(scope);
    const answer = await attempt(known);
    if (answer.status !== 401) return answer;
    const authorization = await authorizer.answer(answer.headers.get('www-authenticate'), scope, known);
    return authorization === null ? answer : attempt(authorization);
  };
}
