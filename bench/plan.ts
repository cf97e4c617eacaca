/** How long it takes to decide for very many services over very many changed paths, with every reason. Nothing but computing, on one core. */
import { normaliseService, type KnownPatterns } from '../src/config/normalise-service.js';
import type { Service } from '../src/model/service.js';
import { ChangedPaths } from '../src/decide/changed-paths.js';
import { folderPattern } from '../src/patterns/pattern.js';
import { classify } from '../src/decide/regions.js';
import { decide } from '../src/decide/decide.js';
import type { Verdict } from '../src/decide/verdict.js';
import { figures, rounded, runs, timed, type Figures } from './support/measure.js';
import { print, type Row } from './support/report.js';

type Written = Parameters<typeof normaliseService>[1];

const defaults: Written = {
  repository: 'abc/all',
  excludedRegions: ['**/*.md', '**/docs/**', 'regex:.*/test/fixtures/.*'],
};

function services(count: number, write: (number: number) => Written): readonly Service[] {
  const known: KnownPatterns = new Map();
  return Array.from({ length: count }, (_, number) => ({
    ...normaliseService(`s${number}`, write(number), defaults, known),
    deploy: null,
  }));
}

/** `count` Java sources spread over `owners` services; a twentieth is in shared libraries, a twentieth where no service looks. */
function paths(count: number, owners: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => {
    if (number % 20 === 0) return `libs/common/src/main/java/abc/Shared${number}.java`;
    if (number % 20 === 1) return `tools/reports/report-${number}.py`;
    return `services/s${number % owners}/src/main/java/abc/module${number % 7}/Class${number}.${number % 9 ? 'java' : 'md'}`;
  });
}

/** What one push means for all services: the same work as a look does once git has answered. */
function plan(all: readonly Service[], changed: readonly string[]): readonly Verdict[] {
  const prepared = new ChangedPaths(changed);
  return all.map((service) => {
    const packaging = [folderPattern(`${service.path}/docker`)];
    return decide({
      service: service.name,
      branch: 'main',
      head: 'b'.repeat(40),
      forced: null,
      branchConfigured: true,
      artifact: null,
      baseline: 'a'.repeat(40),
      since: {
        messages: ['Change many things'],
        paths: classify(prepared, service.regions, packaging),
        packaging: { from: 'application:1', to: 'application:1' },
        bases: [],
        settingsChanged: false,
        runFile: { from: null, to: 'none' },
      },
    });
  });
}

const own = (number: number): Written => ({ path: `services/s${number}` });
const shared = (number: number): Written => ({
  ...own(number),
  includedRegions: [`services/s${number}/**`, 'libs/common/**', 'pom.xml', '**/Dockerfile.shared'],
});
const everything = (): Written => ({ path: '.' });
const withoutPrefix = (number: number): Written => ({ ...own(number), includedRegions: [`**/module${number}/**`] });

async function measure(all: readonly Service[], changed: readonly string[]): Promise<Figures> {
  const times: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const time = await timed(() => plan(all, changed));
    if (run > 0) times.push(time);
  }
  return figures(times);
}

async function row(
  name: string,
  write: (number: number) => Written,
  size: [number, number],
  goal?: number,
): Promise<Row> {
  const [count, changes] = size;
  const slipway = await measure(services(count, write), paths(changes, count));
  return {
    name: `${count.toLocaleString('en')} services × ${changes.toLocaleString('en')} paths, ${name}`,
    unit: 'ms',
    slipway,
    ...(goal !== undefined && { goal: `< ${goal} ms`, met: slipway.median < goal }),
  };
}

/** Time per service and path at several sizes: it must not rise with either. */
async function growth(): Promise<readonly { services: number; paths: number; ms: number; nsPerPair: number }[]> {
  const sizes = [
    [250, 10_000],
    [500, 10_000],
    [1000, 10_000],
    [2000, 10_000],
    [4000, 10_000],
    [1000, 2500],
    [1000, 5000],
    [1000, 20_000],
    [1000, 40_000],
  ] as const;
  const grown = [];
  for (const [count, changes] of sizes) {
    const { median: ms } = await measure(services(count, shared), paths(changes, count));
    grown.push({ services: count, paths: changes, ms, nsPerPair: rounded((ms * 1e6) / count / changes) });
  }
  return grown;
}

const rows = [
  await row('a folder and shared libraries each', shared, [1000, 10_000], 300),
  await row('each watching everything', everything, [1000, 10_000], 300),
  await row('a folder each', own, [10_000, 100], 50),
  await row('patterns without a literal beginning', withoutPrefix, [1000, 10_000]),
];
print({ bench: 'plan', rows, more: { growth: await growth() } }, []);
