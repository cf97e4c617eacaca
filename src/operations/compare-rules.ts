import type { Config } from '../config/config.js';
import { SlipwayError } from '../errors.js';
import type { Decision, ReasonCode, RecordedDecision } from '../model/decision.js';
import type { Service } from '../model/service.js';
import type { QueueDeps } from '../queue/deps.js';
import { evaluateHypothetically } from '../decide/evaluate.js';
import { openPackaging, type PackagingReader } from '../decide/packaging-reader.js';
import { isTag, parseRef } from '../git-ref.js';

/** What a configuration says of a recorded decision's commits; null: it has no such service. */
export type Ruling = Pick<Decision, 'decision' | 'reason'> | null;

export interface ChangedRuling {
  readonly service: string;
  readonly branch: string;
  readonly base: string | null;
  readonly head: string;
  /** When it was decided, milliseconds since the epoch. */
  readonly at: number;
  readonly before: Ruling;
  readonly after: Ruling;
}

export interface RulesComparison {
  /** Recorded decisions that were looked at. */
  readonly compared: number;
  /** Those that no rule of a configuration made (forced), or whose commits are gone. */
  readonly passedOver: number;
  /** Newest first. */
  readonly changed: readonly ChangedRuling[];
}

/** Somebody asked for the build, or a git tag had been built: no rule would say otherwise. */
const unruledReasons: readonly ReasonCode[] = ['forced', 'tag-exists'];

interface Side {
  readonly services: ReadonlyMap<string, Service>;
  readonly packaging: PackagingReader;
  readonly deps: QueueDeps;
}

/**
 * Decides the last recorded decisions once by an older configuration and once by the present one, on the same commits, and says where
 * they differ. Reads only.
 */
export async function compareRules(
  older: Pick<Config, 'services'>,
  last: number,
  deps: QueueDeps,
): Promise<RulesComparison> {
  const recorded = await deps.store.decisions.last(last);
  const [before, after] = [await sideOf(older.services, deps), await sideOf(deps.services(), deps)];
  const changed: ChangedRuling[] = [];
  let passedOver = 0;
  for (const row of recorded) {
    const rulings = await bothRulings(row, before, after);
    if (rulings === null || row.head === null) passedOver += 1;
    else if (differ(rulings.before, rulings.after)) {
      const { service, branch, base, head, at } = row;
      changed.push({ service, branch, base, head, at, ...rulings });
    }
  }
  return { compared: recorded.length - passedOver, passedOver, changed };
}

async function sideOf(services: ReadonlyMap<string, Service>, deps: QueueDeps): Promise<Side> {
  return { services, packaging: await openPackaging(deps), deps: { ...deps, services: () => services } };
}

const differ = (a: Ruling, b: Ruling): boolean =>
  a?.decision !== b?.decision || (a?.decision === 'build' && a.reason.code !== b?.reason.code);

/** Null if neither can be said. */
async function bothRulings(row: RecordedDecision, before: Side, after: Side) {
  if (unruledReasons.includes(row.reason.code)) return null;
  try {
    return { before: await ruling(row, before), after: await ruling(row, after) };
  } catch (error) {
    if (error instanceof SlipwayError && unknownCodes.has(error.code)) return null;
    throw error;
  }
}

/** The commits are no longer available. */
const unknownCodes: ReadonlySet<string> = new Set(['commit-not-found', 'git-unauthorized']);

async function ruling(row: RecordedDecision, { services, packaging, deps }: Side): Promise<Ruling> {
  const service = services.get(row.service);
  if (!service || row.head === null) return null;
  if (isTag(row.branch)) return tagRuling(row, service);
  await deps.git.mirror(service.repository).remote.fetch([row.head, ...(row.base === null ? [] : [row.base])]);
  const { branch, head, base } = row;
  const request = { service, ref: parseRef(branch), head, base, forced: null };
  const { decision } = await evaluateHypothetically(request, packaging, deps);
  return decision;
}

/** Of a git tag only whether it is wanted is a matter of the rules. */
function tagRuling({ branch, decision, reason }: RecordedDecision, { gitTags }: Service): Ruling {
  const wanted = gitTags.some((pattern) => pattern.matches(parseRef(branch).name));
  if (reason.code !== 'branch-not-configured' && wanted) return { decision, reason };
  const message = `${branch} is ${wanted ? '' : 'not '}among the service's gitTags.`;
  const code = wanted ? 'git-tag' : 'branch-not-configured';
  return { decision: wanted ? 'build' : 'skip', reason: { code, message, paths: [], patterns: [] } };
}
