import { printable, printableLines } from './printable.js';

/** Who has to act on a failure. */
export type Blame =
  'dockerfile' | 'run-file' | 'service' | 'source' | 'engine' | 'host' | 'balancer' | 'registry' | 'slipway';

interface CodeEntry {
  /** What the code means, for the documentation and the OpenAPI page. */
  readonly meaning: string;
  /** HTTP status of an answer with the code. Codes of builds only: 500. */
  readonly status: number;
  /** True if the same work may succeed later by itself. */
  readonly retryable: boolean;
  readonly blame: Blame;
}

const entry = (status: number, blame: Blame, meaning: string, retryable = false): CodeEntry => ({
  meaning,
  status,
  retryable,
  blame,
});

/** Every public error code: meaning, HTTP status, whether it is worth retrying, and who has to act. */
export const errorCodes = {
  // requests
  'invalid-request': entry(400, 'slipway', 'The request does not fit its schema.'),
  'invalid-payload': entry(400, 'source', 'The webhook body is not JSON or not a push payload.'),
  'invalid-signature': entry(401, 'source', 'The webhook signature is missing or fits none of the secrets.'),
  unauthorized: entry(401, 'slipway', 'No valid bearer token.'),
  forbidden: entry(403, 'slipway', 'The token lacks the scope, or may not deploy there.'),
  csrf: entry(
    403,
    'slipway',
    'A call by cookie that may change something, without a sign that a page of Slipway made it.',
  ),
  'not-found': entry(404, 'slipway', 'There is nothing at this address.'),
  'method-not-allowed': entry(405, 'slipway', 'The address does not know that method; `Allow` names those it does.'),
  'unknown-service': entry(404, 'slipway', 'No service of that name is configured.'),
  'unknown-build': entry(404, 'slipway', 'No build has that id.'),
  'dockerfile-not-kept': entry(404, 'slipway', 'The Dockerfile of the build is not known yet, or not kept any more.'),
  'unknown-delivery': entry(404, 'slipway', 'No delivery has that id.'),
  'unknown-deployment': entry(404, 'slipway', 'No deployment has that id.'),
  'unknown-release': entry(404, 'slipway', 'The service has no release of that number.'),
  'unknown-commit': entry(404, 'slipway', 'The repository has no such commit, or no release that version.'),
  'unknown-decision': entry(404, 'slipway', 'Nothing was decided about that commit, or it is not kept any more.'),
  'unknown-environment': entry(404, 'slipway', 'No environment of that name is configured.'),
  'unknown-host': entry(404, 'slipway', 'The environment has no host of that name.'),
  'unknown-repository': entry(404, 'slipway', 'No service uses that repository.'),
  'no-image': entry(404, 'slipway', 'No image covers that commit.'),
  'build-finished': entry(409, 'slipway', 'The build has already ended.'),
  'build-unfinished': entry(409, 'slipway', 'The build has not ended yet.'),
  'deployment-in-progress': entry(409, 'slipway', 'The deployment has not ended yet.'),
  'deployment-finished': entry(409, 'slipway', 'The deployment has already ended.'),
  'approval-by-requester': entry(409, 'slipway', 'The token that asked for a deployment does not approve of it.'),
  'idempotency-conflict': entry(409, 'slipway', 'The Idempotency-Key was used with another request.'),
  'request-timeout': entry(408, 'slipway', 'The request was not received in time.', true),
  'payload-too-large': entry(413, 'slipway', 'The body is over the limit.'),
  'artifact-too-large': entry(413, 'source', 'The artifact is over limits.artifact.'),
  'unsupported-media-type': entry(415, 'slipway', 'The content type is not understood.'),
  'unknown-revision': entry(422, 'source', 'The branch or commit does not exist in the repository.'),
  'branch-required': entry(422, 'slipway', 'No branch was named and none can be assumed.'),
  'artifact-unexpected': entry(422, 'slipway', 'The service has no `artifact` path to put the file at.'),
  'callback-not-allowed': entry(422, 'slipway', 'The callback host is not in callbacks.allowedHosts.'),
  'too-many-requests': entry(
    429,
    'slipway',
    'The caller keeps as many requests open as one may, or tried to log in too often.',
    true,
  ),
  'too-busy': entry(503, 'slipway', 'Requests without a token use all the memory that there is for them.', true),
  'unsafe-path': entry(400, 'source', 'A name or path leaves its folder.'),
  'dockerfiles-unavailable': entry(503, 'slipway', 'The folder of the central dockerfiles cannot be read.', true),
  'store-unavailable': entry(503, 'slipway', 'The database cannot be written to.', true),
  'crashed-repeatedly': entry(500, 'slipway', 'The process died three times while it worked on this look or build.'),
  internal: entry(500, 'slipway', 'A fault of Slipway itself.'),
  'invalid-configuration': entry(500, 'slipway', 'The configuration has faults.'),
  'data-dir-locked': entry(500, 'slipway', 'Another Slipway server uses this data directory.'),
  'backup-refused': entry(500, 'slipway', 'The backup cannot be written, or not be restored as it is or there.'),
  'database-too-new': entry(500, 'slipway', 'The database was last used by a newer Slipway.'),
  'notice-failed': entry(502, 'slipway', 'A status, callback or notice could not be delivered yet.', true),
  'notice-refused': entry(502, 'slipway', 'The receiver refuses a status, callback or notice.'),
  // source
  'git-unavailable': entry(503, 'source', 'The git host does not answer.', true),
  'git-unauthorized': entry(502, 'source', 'The git host refuses the credentials, or does not show it.', true),
  'commit-not-found': entry(422, 'source', 'The commit is no longer in the repository.'),
  'repository-too-large': entry(422, 'source', 'The repository holds more than Slipway reads.'),
  'name-not-utf8': entry(422, 'source', 'A file of the context has a name that the engine takes only as UTF-8.'),
  'repository-unsupported': entry(422, 'source', 'The git host keeps the repository as Slipway cannot read it.'),
  'artifact-missing': entry(422, 'source', 'The service needs an artifact, and there is none for the commit.'),
  // packaging and build
  'dockerfile-not-found': entry(
    422,
    'dockerfile',
    'No Dockerfile at any place that was looked at, or a link that leads to none.',
  ),
  'dockerfile-invalid': entry(422, 'dockerfile', 'The Dockerfile does not parse or names what does not exist.'),
  'dockerfile-unread': entry(422, 'dockerfile', 'Slipway does not understand the Dockerfile; the engine decides.'),
  'reading-stopped': entry(422, 'dockerfile', 'Reading a file of the repository took too long or too much memory.'),
  'frontend-not-allowed': entry(
    422,
    'dockerfile',
    'The Dockerfile asks for a frontend that is not in engine.frontends.',
  ),
  'dockerfile-step-failed': entry(500, 'dockerfile', 'A step of the Dockerfile failed.'),
  'base-image-not-found': entry(500, 'dockerfile', 'A base image does not exist or may not be pulled.'),
  'build-timeout': entry(500, 'dockerfile', 'The build ran longer than engine.timeout.'),
  'engine-unavailable': entry(503, 'engine', 'The Docker Engine does not answer.', true),
  'engine-error': entry(502, 'engine', 'The Docker Engine reported a fault of its own.', true),
  'low-disk': entry(503, 'engine', 'Free disk space is below limits.freeDisk.', true),
  // deployment
  'no-release': entry(422, 'slipway', 'No release fits what was asked for.'),
  'service-not-in-environment': entry(422, 'slipway', 'The service is not deployed in that environment.'),
  'release-blocked': entry(409, 'slipway', 'The release failed there, or somebody rolled back from it.'),
  'release-not-verified': entry(
    409,
    'slipway',
    'The release was not verified in the environment that has to come first.',
  ),
  'rollback-impossible': entry(
    409,
    'slipway',
    'There is no release to go back to, or the named one was never verified.',
  ),
  'run-file-invalid': entry(422, 'run-file', 'A run file has faults.'),
  'run-file-not-allowed': entry(422, 'run-file', 'A run file asks for what the operator has not allowed.'),
  'variable-missing': entry(422, 'run-file', 'A run file uses a variable that is not set.'),
  'volume-missing': entry(422, 'run-file', 'An external volume of a run file is not on the host.'),
  'bind-missing': entry(422, 'run-file', 'A path that a run file mounts is not on the host.'),
  'port-in-use': entry(409, 'host', 'Something else on the host has the port.'),
  'owned-by-other': entry(409, 'host', 'A container on the host belongs to somebody else.'),
  'host-unreachable': entry(503, 'host', 'The Docker Engine of a host does not answer.', true),
  'image-pull-failed': entry(502, 'registry', 'A host could not pull the image.', true),
  'container-start-failed': entry(500, 'service', 'The engine could not create or start the container.'),
  'container-crashed': entry(500, 'service', 'The container ended, or was started again, before it was verified.'),
  'verification-timeout': entry(500, 'service', 'The container was not verified in time.'),
  'version-mismatch': entry(500, 'service', 'The container answers with another version than was deployed.'),
  'balancer-unavailable': entry(503, 'balancer', 'The balancer does not answer, or not as a balancer does.', true),
  'balancer-refused': entry(
    502,
    'balancer',
    'The balancer refuses what was asked for, or nothing usable would be left.',
  ),
  'no-other-server': entry(409, 'balancer', 'No host of the balancer is idle, or none is active.'),
  // registry
  'registry-unavailable': entry(503, 'registry', 'The registry does not answer.', true),
  'registry-unauthorized': entry(502, 'registry', 'The registry refuses the credentials.'),
  'registry-refused': entry(502, 'registry', 'The registry refuses what was asked for; its words say why.'),
  'registry-error': entry(502, 'registry', 'The registry does not answer as a registry does.', true),
  'tag-exists': entry(409, 'registry', 'The image tag of a git tag is written once, and holds another image.'),
  'digest-mismatch': entry(502, 'registry', 'The registry holds another digest than was pushed.', true),
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof errorCodes;

/** Whether a text is one of the codes. */
export const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(errorCodes, text);

export interface ErrorDetail {
  /** The step of the build that failed, as the log names it. */
  readonly step?: string;
  /** When another attempt makes sense at the earliest, in milliseconds since the epoch: a neighbour named that time. */
  readonly retryAt?: number | null;
  /** More members of a problem+json answer, e.g. `faults` or `suggestions`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error class: a stable code, a message for people, and the cause. No code branches on its message. */
export class SlipwayError extends Error {
  override readonly name = 'SlipwayError';
  readonly step: string | null;
  readonly retryAt: number | null;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    readonly code: ErrorCode,
    message: string,
    detail: ErrorDetail = {},
  ) {
    // It may quote repository contents, and goes to terminals, logs and the API.
    super(printableLines(message), { cause: detail.cause });
    this.step = detail.step === undefined ? null : printable(detail.step);
    this.retryAt = detail.retryAt ?? null;
    this.extra = detail.extra ?? {};
  }

  get status(): number {
    return errorCodes[this.code].status;
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable;
  }

  get blame(): Blame {
    return errorCodes[this.code].blame;
  }
}

/** Converts anything thrown to a SlipwayError: unchanged if it is one, else `internal` with the cause. */
export function asSlipwayError(thrown: unknown): SlipwayError {
  if (thrown instanceof SlipwayError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new SlipwayError('internal', message, { cause: thrown });
}
