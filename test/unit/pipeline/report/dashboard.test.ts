/** What the dashboard and the alert rules in config/ ask for exists. Names that drift apart show empty panels, and nobody is warned. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createMetrics } from '../../../../src/pipeline/report/metrics.js';

const root = join(import.meta.dirname, '../../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Dashboard {
  readonly id: null;
  readonly panels: readonly {
    readonly title: string;
    readonly datasource: { readonly uid: string };
    readonly targets: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
  }[];
}
interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

const dashboard = JSON.parse(read('config/grafana/slipway.json')) as Dashboard;
const rules = (parse(read('config/prometheus/slipway.rules.yml')) as Rules).groups.flatMap((group) => group.rules);

/** Names of all metrics, with those that a histogram has. */
async function known(): Promise<ReadonlySet<string>> {
  const nothing = async () => [];
  const metrics = createMetrics(
    { housekeeping: { load: async () => ({ queued: 0, running: 0, pausedUntil: null }) }, setAsides: { all: nothing } },
    { observations: () => [], pending: nothing },
  );
  metrics.watch({
    overview: { answer: async () => ({ counts: { upToDate: 0 }, services: [] }) },
    waits: nothing,
    disk: async () => null,
  });
  const text = await metrics.render();
  return new Set(
    [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

const asked = (expr: string): readonly string[] => expr.match(/\bslipway_\w+/g) ?? [];

test('each expression of the dashboard names metrics that exist', async () => {
  const names = await known();
  const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(expressions.length).toBeGreaterThan(15);
  for (const expr of expressions) {
    expect([expr, asked(expr).length]).not.toEqual([expr, 0]);
    expect([expr, asked(expr).filter((name) => !names.has(name))]).toEqual([expr, []]);
  }
});

test('each alert names metrics that exist, says what to do, and is tried out', async () => {
  const names = await known();
  const tried = read('config/prometheus/slipway.rules.test.yml');
  for (const { alert, expr } of rules) {
    expect([alert, asked(expr).filter((name) => !names.has(name))]).toEqual([alert, []]);
    expect(tried).toMatch(new RegExp(`alertname: ${alert}\\n\\s+exp_alerts:\\n`));
  }
});

test('the dashboard can be imported anywhere: no id, a source that is chosen, questions as titles', () => {
  expect(dashboard.id).toBeNull();
  for (const { title, datasource, targets } of dashboard.panels) {
    expect(title).toMatch(/\?$/);
    for (const { uid } of [datasource, ...targets.map((target) => target.datasource)])
      expect(uid).toBe('${DS_PROMETHEUS}');
  }
});
