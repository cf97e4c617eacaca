import { triggers } from './0001-triggers.js';
import { builds } from './0002-builds.js';
import { results } from './0003-results.js';
import { bases } from './0004-bases.js';
import { seenTags } from './0005-seen-tags.js';
import { warnings } from './0006-warnings.js';
import { moments } from './0007-moments.js';
import { deaths } from './0008-deaths.js';
import { joined } from './0009-joined.js';
import { leases } from './0010-leases.js';
import { misreads } from './0011-misreads.js';
import { artifactsByCommit } from './0012-artifacts-by-commit.js';
import { visible } from './0013-visible.js';
import { releases } from './0014-releases.js';
import { deployments } from './0015-deployments.js';
import { audit } from './0016-audit.js';
import { formerNames } from './0017-former-names.js';
import { gates } from './0018-gates.js';
import { activeBefore } from './0019-active-before.js';
import { followMarks } from './0020-follow-marks.js';
import { listedDecisions } from './0021-listed-decisions.js';
import { regionDrift } from './0022-region-drift.js';
import { logSteps } from './0023-log-steps.js';
import { ledger } from './0024-ledger.js';
import { notices } from './0025-notices.js';
import { traces } from './0026-traces.js';
import type { Migration } from './migration.js';

/** Every change of the schema, oldest first. A new one goes at the end. */
export const migrations: readonly Migration[] = [
  triggers,
  builds,
  results,
  bases,
  seenTags,
  warnings,
  moments,
  deaths,
  joined,
  leases,
  misreads,
  artifactsByCommit,
  visible,
  releases,
  deployments,
  audit,
  formerNames,
  gates,
  activeBefore,
  followMarks,
  listedDecisions,
  regionDrift,
  logSteps,
  ledger,
  notices,
  traces,
];
