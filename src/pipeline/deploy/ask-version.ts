import type { ObservedContainer } from '../../hosts/contract.js';
import type { BoundPort } from '../../model/container.js';
import type { Verification } from '../../model/deployment.js';
import { printable } from '../../printable.js';
import { findVersion, type HttpAnswer } from './find-version.js';
import type { HostWork, Target } from './host-work.js';
import { versionUrl } from './version-url.js';

/** What a container said about its version. */
export interface VersionAnswer {
  readonly ok: boolean;
  /** The version that it answered with, if any. */
  readonly found: string | null;
  /** Why there is none. */
  readonly why: string | null;
}

/** Characters of an answer that are kept. */
const MAX_ANSWER = 200;

/** Asks a container for its version and notes the answer. It is well where nobody has to ask. Never fails but for a lost deployment. */
export async function askVersion(seen: ObservedContainer, target: Target, work: HostWork): Promise<VersionAnswer> {
  const { verify, parameters } = target.specification;
  if (verify === null) return { ok: true, found: null, why: null };
  const { settings } = work;
  const bound = parameters.ports.some(({ hostPort }) => hostPort === null) ? await boundPorts(seen, work) : [];
  const url = versionUrl({ parameters, verify, host: settings, bound });
  if (url === null) return { ok: false, found: null, why: 'it has no port yet' };
  return askAt(url, 'host', target, work);
}

/** Asks at an address, and notes the answer with the host. Never fails but for a lost deployment. */
export async function askAt(
  url: URL,
  via: Verification['via'],
  target: Target,
  { host, attempt, deps, mask }: Pick<HostWork, 'host' | 'attempt' | 'deps' | 'mask'>,
): Promise<VersionAnswer> {
  const verify = target.specification.verify ?? {};
  const headers = { ...(verify.host === undefined ? {} : { host: verify.host }), ...verify.headers };
  const answer = await deps.askHttp({ url, headers }, attempt.signal);
  const { found, why, status } =
    typeof answer === 'string' ? { found: null, why: answer, status: null } : read(answer, target);
  const ok = found !== null && target.expected.fits(found);
  const shown = found ?? why;
  await attempt.notes.verification(host.name, {
    at: deps.clock.now(),
    via,
    url: mask(url.href),
    status,
    answer: shown === null ? null : printable(mask(shown).slice(0, MAX_ANSWER)),
    expected: mask(target.expected.text),
    ok,
  });
  return { ok, found, why };
}

function read(answer: HttpAnswer, { specification: { verify } }: Target) {
  const { status } = answer;
  if (status < 200 || status > 299) return { status, found: null, why: `it answers with status ${status}` };
  const found = findVersion(answer, verify ?? {});
  return { status, found, why: found === null ? 'the answer has no version where `verify` says' : null };
}

async function boundPorts({ id }: ObservedContainer, { host }: HostWork): Promise<readonly BoundPort[]> {
  const listed = await host.containers.list();
  return listed.find((one) => one.id === id)?.ports ?? [];
}
