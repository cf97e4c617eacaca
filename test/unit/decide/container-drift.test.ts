import { containerDrift, driftOn, type OnHost } from '../../../src/decide/container-drift.js';
import type { Desired } from '../../../src/model/deployment.js';
import type { EnvironmentValue, Parameters } from '../../../src/model/parameters.js';
import { desiredOf, keptSpecification } from '../../support/desired.js';
import { ownContainer } from '../../support/observed.js';
import { webImage } from '../../support/own-containers.js';
import { plainParameters } from '../../support/random-parameters.js';

const found = (changes: Partial<Parameters> = {}) => ({
  image: 'slipway.local/web:d1',
  digests: [webImage],
  parameters: { ...plainParameters, ...changes },
  further: [] as string[],
});
const other = `registry.test/web@sha256:${'b'.repeat(64)}`;
const value = (text: string, secret = false): EnvironmentValue => ({ value: text, secret, written: text });
const withEnvironment = (environment: Parameters['environment']) =>
  keptSpecification({ parameters: { ...plainParameters, environment } });

describe('image and settings', () => {
  test('that are equal are no drift, also if the image has more digests', () => {
    expect(containerDrift(found(), keptSpecification(), null)).toEqual([]);
    expect(containerDrift({ ...found(), digests: [other, webImage] }, keptSpecification(), null)).toEqual([]);
  });

  test('that differ are named one by one, those that no parameter holds too', () => {
    const changed = { ...found({ memory: 2 ** 30, restart: { name: 'no', maxRetries: 0 } }), digests: [other] };
    expect(containerDrift({ ...changed, further: ['HostConfig.CpuShares'] }, keptSpecification(), null)).toEqual([
      { field: 'image', wanted: webImage, found: other },
      { field: 'mem_limit', wanted: '256m', found: '1g' },
      { field: 'restart', wanted: 'always', found: 'no' },
      { field: 'HostConfig.CpuShares', wanted: null, found: 'set' },
    ]);
  });

  test('are not compared without the image', () => {
    expect(containerDrift({ ...found(), digests: [], parameters: null }, keptSpecification(), null)).toEqual([]);
  });

  test('that are secret, or were when the container was made, are not shown', () => {
    const environment = { A: value('new', true), B: value('old'), C: value('secret that was'), D: value('plain') };
    const own = withEnvironment({ B: value('old'), C: value('secret that was', true), D: value('another') });
    const wanted = withEnvironment({ A: value('older', true), B: value('young') });
    const hidden = '(changed, not shown)';
    const drift = containerDrift(found({ environment }), wanted, own);
    expect(drift).toEqual([
      { field: 'environment.A', wanted: hidden, found: hidden },
      { field: 'environment.B', wanted: 'young', found: 'old' },
      { field: 'environment.C', wanted: null, found: hidden },
      { field: 'environment.D', wanted: null, found: hidden },
    ]);
    expect(containerDrift(found({ environment }), wanted, null)[1]).toMatchObject({ found: hidden });
  });
});

const memory = { field: 'mem_limit', wanted: '256m', found: '1g' };
const compared = { deploymentId: 'd1', drift: [memory] };
const on = (changes: Partial<OnHost>) => {
  const usual = { host: 'a', container: ownContainer(), desired: desiredOf(), unfinished: new Set<string>() };
  return driftOn({ ...usual, isChanging: false, ...changes });
};
const state = (status: 'exited' | 'restarting' | 'created' | 'running') => ({ ...ownContainer().state, status });
const stopped: Desired = desiredOf({ wanted: 'stopped' });
const unknown = { field: 'unknown-deployment', wanted: 'd1', found: 'd1' };

test.each<[string, Partial<OnHost>, readonly object[]]>([
  ['what runs as desired', {}, []],
  ['settings that differ', { container: ownContainer({ compared }) }, [memory]],
  [
    'settings that were compared with an older desire',
    { container: ownContainer({ compared: { ...compared, deploymentId: 'd0' } }) },
    [],
  ],
  [
    'what does not stay up',
    { container: ownContainer({ state: state('exited') }), isRestless: true },
    [
      { field: 'does-not-stay-up', wanted: 'running', found: 'exited' },
      { field: 'state', wanted: 'running', found: 'exited' },
    ],
  ],
  ['no container', { container: null }, [{ field: 'state', wanted: 'running', found: 'missing' }]],
  [
    'a container that does not run, whose settings are those of another one perhaps',
    { container: ownContainer({ state: state('exited'), compared }) },
    [{ field: 'state', wanted: 'running', found: 'exited' }],
  ],
  [
    'a crash loop',
    { container: ownContainer({ state: state('restarting'), compared }) },
    [{ field: 'state', wanted: 'running', found: 'restarting' }, memory],
  ],
  ['a deployment that the database does not know', { container: ownContainer({ known: false }) }, [unknown]],
  [
    'the same while nothing is desired',
    { container: ownContainer({ known: false }), desired: null },
    [{ ...unknown, wanted: null }],
  ],
  ['a container although nothing is desired', { desired: null }, []],
  ['a host that came after the deployment', { host: 'c', container: null }, []],
  ['stopped as wanted', { desired: stopped, container: ownContainer({ state: state('exited'), compared }) }, []],
  ['stopped as wanted, and removed', { desired: stopped, container: null }, []],
  ['running although stopped', { desired: stopped }, [{ field: 'state', wanted: 'stopped', found: 'running' }]],
  [
    'the container of a deployment that goes on',
    { container: ownContainer({ deployment: 'd2', compared, known: false }), unfinished: new Set(['d2']) },
    [],
  ],
  ['no container while a deployment runs', { container: null, unfinished: new Set(['d2']), isChanging: true }, []],
  [
    'settings that differ while a deployment of another container runs',
    { container: ownContainer({ compared }), unfinished: new Set(['d2']), isChanging: true },
    [memory],
  ],
])('%s', (_, changes, drift) => expect(on(changes)).toEqual(drift));
