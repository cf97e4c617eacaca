import createClient, { type Client } from 'openapi-fetch';
import type { paths } from '../../../ui/src/api/schema.js';
import { version } from '../../version.js';
import { Ended, exitCodes, usage } from './exit.js';
import { readHosts } from './hosts-file.js';

type Env = Readonly<Record<string, string | undefined>>;

/** A Slipway server as the command line sees it. */
export interface Server {
  /** Without a slash at its end. */
  readonly url: string;
  readonly api: Client<paths>;
  /** A request that is not read as JSON, such as a log. Fails as `answer` does. */
  open(path: string, init?: RequestInit): Promise<Response>;
}

/**
 * The server of `--server`, `SLIPWAY_URL` or the last login, with the token of `SLIPWAY_TOKEN` or that login. Asks nothing yet. Fails if
 * no server is named.
 */
export async function serverOf(named: string | undefined, env: Env): Promise<Server> {
  const given = named ?? env['SLIPWAY_URL'];
  const token = env['SLIPWAY_TOKEN'];
  // Who names both needs no file.
  const hosts = given !== undefined && token !== undefined ? null : await readHosts(env);
  const address = given ?? hosts?.default ?? null;
  if (address === null)
    throw new Ended(exitCodes.usage, 'No server is named: use --server, SLIPWAY_URL, or log in.', 'slipway login URL');
  const url = urlOf(address);
  return connect(url, token ?? hosts?.tokens.get(url) ?? null);
}

/** An address without path parameters and the slash at its end. */
export function urlOf(address: string): string {
  const url = parsed(address.includes('://') ? address : `https://${address}`);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw usage(`${JSON.stringify(address)} is no address of a server.`);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function parsed(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

export function connect(url: string, token: string | null): Server {
  const headers: Record<string, string> = {
    'user-agent': `slipway/${version}`,
    ...(token !== null && { authorization: `Bearer ${token}` }),
  };
  const reach = async (request: Request): Promise<Response> => {
    try {
      return await fetch(request);
    } catch (error) {
      throw new Ended(exitCodes.unreachable, `${url} cannot be reached: ${causeOf(error)}.`);
    }
  };
  const server: Server = {
    url,
    api: createClient<paths>({ baseUrl: url, headers, fetch: reach }),
    async open(path, init) {
      const response = await reach(
        new Request(`${url}${path}`, { ...init, headers: { ...headers, ...init?.headers } }),
      );
      if (!response.ok) throw await refusalOf(response, await response.text(), server);
      return response;
    },
  };
  return server;
}

/** The data of an answer. Fails with exit code 3 if the token may not do that, 1 if the server refuses, 4 if it is no such server. */
export async function answer<Data>(
  server: Server,
  asked: Promise<{ readonly data?: Data; readonly error?: unknown; readonly response: Response }>,
): Promise<NonNullable<Data>> {
  let result;
  try {
    result = await asked;
  } catch (error) {
    if (error instanceof SyntaxError) throw await notSlipway(server, 'It does not answer in JSON');
    throw error;
  }
  const { data, error, response } = result;
  if (response.ok && data !== undefined && data !== null && typeof data === 'object') return data;
  if (response.ok) throw await notSlipway(server, 'It does not answer in JSON');
  throw await refusalOf(response, typeof error === 'string' ? error : JSON.stringify(error), server);
}

async function refusalOf(response: Response, body: string, server: Server): Promise<Ended> {
  const { code, detail } = problemOf(body);
  if (response.status === 401) {
    const message = detail ?? 'It asks for a token.';
    return new Ended(exitCodes.notAllowed, `${server.url}: ${message}`, `slipway login ${server.url}`);
  }
  if (response.status === 403)
    return new Ended(exitCodes.notAllowed, `${server.url}: ${detail ?? 'This is not allowed.'}`);
  // A route that a server of another version does not have, or no Slipway at all.
  if (code === undefined || code === 'not-found') return notSlipway(server, `It answers ${response.status}`);
  const isAway = response.status === 502 || response.status === 503 || response.status === 504;
  return new Ended(isAway ? exitCodes.unreachable : exitCodes.failed, `${code}: ${detail ?? response.statusText}`);
}

function problemOf(body: string): { readonly code?: string; readonly detail?: string } {
  try {
    return JSON.parse(body) as { code?: string; detail?: string };
  } catch {
    return {};
  }
}

/** Says whose fault an answer is that this program cannot read: the server's version tells. */
async function notSlipway({ url }: Server, what: string): Promise<Ended> {
  const other = await versionOf(url);
  if (other === null) return new Ended(exitCodes.unreachable, `${url} is no Slipway server: ${what}.`);
  if (other === version) return new Ended(exitCodes.failed, `${url}: ${what}.`);
  return new Ended(
    exitCodes.failed,
    `${url} is Slipway ${other}, and this is the command line of ${version}: ${what}. Take the same version.`,
  );
}

async function versionOf(url: string): Promise<string | null> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) });
    const { version: found } = (await response.json()) as { version?: unknown };
    return typeof found === 'string' ? found : null;
  } catch {
    return null;
  }
}

/** Why `fetch` failed, in a few words: its own message says only that it did. */
export function causeOf(error: unknown): string {
  const { cause, message } = error as {
    readonly cause?: { readonly code?: string; readonly message?: string };
    readonly message: string;
  };
  return cause?.code ?? cause?.message ?? message;
}
