/**
 * GitHub's REST API for statuses, check runs and Apps, as far as Slipway asks it, with the limits that its documentation names: "Rate limits
 * for the REST API" and "Create a commit status". What is beyond a limit is refused, and counted.
 */
import { createPublicKey, verify } from 'node:crypto';
import { scriptedServer, type ScriptedAnswer, type ScriptedRequest } from './scripted-server.js';

export interface SentStatus {
  readonly repository: string;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string;
  readonly target_url?: string;
}

export interface SentCheck {
  readonly id: number;
  readonly repository: string;
  readonly head_sha: string;
  readonly status: string;
  readonly conclusion?: string;
  readonly details_url?: string;
  readonly output: { readonly title: string; readonly summary: string; readonly annotations: readonly object[] };
}

export interface FakeGithubOptions {
  readonly token?: string;
  /** An App: its id and public key. */
  readonly app?: { readonly id: number; readonly publicKey: string };
  readonly now?: () => number;
  /** What a request is refused with before it is looked at, or null. */
  readonly fails?: (request: ScriptedRequest, count: number) => ScriptedAnswer | null;
}

const MAX_CONTENT_PER_MINUTE = 80;
const MAX_CONTENT_PER_HOUR = 500;
const MAX_REQUESTS_PER_HOUR = 5_000;
const MAX_STATUSES_OF_CONTEXT = 1_000;
const MAX_DESCRIPTION = 140;
const MAX_SUMMARY = 65_535;
const MAX_ANNOTATIONS = 50;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const installationToken = 'ghs_installation';

export async function startFakeGithub(options: FakeGithubOptions = {}) {
  const { now = () => Date.now() } = options;
  const statuses: SentStatus[] = [];
  const checks = new Map<number, SentCheck>();
  const refused: string[] = [];
  const content: number[] = [];
  const all: number[] = [];
  const refuse = (status: number, message: string, headers: Record<string, string> = {}): ScriptedAnswer => {
    refused.push(`${status} ${message}`);
    return { status, headers, body: JSON.stringify({ message }) };
  };
  const within = (times: readonly number[], ms: number) => times.filter((at) => at > now() - ms).length;

  const limitOf = (makesContent: boolean): ScriptedAnswer | null => {
    all.push(now());
    if (within(all, HOUR_MS) > MAX_REQUESTS_PER_HOUR)
      return refuse(403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0' });
    if (!makesContent) return null;
    content.push(now());
    if (within(content, MINUTE_MS) > MAX_CONTENT_PER_MINUTE || within(content, HOUR_MS) > MAX_CONTENT_PER_HOUR)
      return refuse(403, 'You have exceeded a secondary rate limit', { 'retry-after': '60' });
    return null;
  };

  const isAllowed = (header: string | undefined): boolean =>
    header === `Bearer ${options.app === undefined ? (options.token ?? 'ghp_token') : installationToken}`;

  const answer = (request: ScriptedRequest): ScriptedAnswer => {
    const { method, path, headers, body } = request;
    const makesContent = /\/(statuses|check-runs)(\/|$)/.test(path);
    const failure = options.fails?.(request, all.length) ?? limitOf(makesContent);
    if (failure !== null) return failure;
    const json = (value: object, status = 200): ScriptedAnswer => ({ status, body: JSON.stringify(value) });
    if (/\/installation$|\/access_tokens$/.test(path)) {
      if (!isSignedByApp(headers.authorization, options.app, now() / 1_000))
        return refuse(401, 'A JSON web token could not be decoded');
      if (method === 'GET') return json({ id: 7 });
      return json({ token: installationToken, expires_at: new Date(now() + HOUR_MS).toISOString() }, 201);
    }
    if (!isAllowed(headers.authorization)) return refuse(401, 'Bad credentials');
    const found = /^\/repos\/([^/]+\/[^/]+)\/(statuses|check-runs)(?:\/([^/]+))?$/.exec(path);
    if (found === null) return refuse(404, 'Not Found');
    const [, repository = '', kind, id = ''] = found;
    const sent = JSON.parse(body) as object;
    return kind === 'statuses' ? takeStatus(repository, id, sent) : takeCheck(method, repository, id, sent);
  };

  const takeStatus = (repository: string, sha: string, sent: object): ScriptedAnswer => {
    const status = { repository, sha, ...(sent as Omit<SentStatus, 'repository' | 'sha'>) };
    if ([...status.description].length > MAX_DESCRIPTION)
      return refuse(422, 'description is too long (maximum is 140)');
    const same = statuses.filter((one) => one.sha === sha && one.context === status.context);
    if (same.length >= MAX_STATUSES_OF_CONTEXT)
      return refuse(422, 'This SHA and context has reached the maximum number of statuses.');
    statuses.push(status);
    return { status: 201, body: '{}' };
  };

  const takeCheck = (method: string, repository: string, id: string, sent: object): ScriptedAnswer => {
    if (options.app === undefined) return refuse(403, 'You must authenticate via a GitHub App.');
    const known = checks.get(Number(id));
    if (method === 'PATCH' && known === undefined) return refuse(404, 'Not Found');
    const number = known?.id ?? checks.size + 1;
    const check = { ...known, repository, ...(sent as Omit<SentCheck, 'id' | 'repository'>), id: number };
    if ((check.status === 'completed') !== (check.conclusion !== undefined)) return refuse(422, 'conclusion is wrong');
    if (check.output.summary.length > MAX_SUMMARY) return refuse(422, 'summary is too long');
    if (check.output.annotations.length > MAX_ANNOTATIONS) return refuse(422, 'too many annotations');
    checks.set(number, check);
    return { status: method === 'POST' ? 201 : 200, body: JSON.stringify({ id: number }) };
  };

  const server = await scriptedServer(answer);
  return {
    url: `http://${server.host}`,
    statuses: statuses as readonly SentStatus[],
    refused: refused as readonly string[],
    checks: () => [...checks.values()],
    /** The last status of each context. */
    last: () => new Map(statuses.map((status) => [status.context, status])),
    requests: server.requests,
    close: () => server.close(),
  };
}

export type FakeGithub = Awaited<ReturnType<typeof startFakeGithub>>;

function isSignedByApp(header: string | undefined, app: FakeGithubOptions['app'], now: number): boolean {
  const [head = '', claims = '', signature = ''] = (header ?? '').replace(/^Bearer /, '').split('.');
  if (app === undefined || signature === '') return false;
  const isSigned = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${claims}`),
    createPublicKey(app.publicKey),
    Buffer.from(signature, 'base64url'),
  );
  const { iss, exp, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, number>;
  return isSigned && Number(iss) === app.id && (iat ?? Infinity) <= now && (exp ?? 0) > now && (exp ?? 0) <= now + 600;
}
