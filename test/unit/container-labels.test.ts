import { containerName, createLabels, type ContainerIdentity } from '../../src/container-labels.js';
import { Secret } from '../../src/secret.js';

const key = new Secret('0'.repeat(64));
const labels = createLabels('slipway', key);
const identity: ContainerIdentity = {
  environment: 'production',
  service: 'web',
  release: 7,
  deployment: 'k3f9',
  spec: labels.specOf('{}'),
};
const name = 'web.production.k3f9';

test('a container says what it is', () => {
  const written = labels.of(identity);
  expect(written).toEqual({
    'dev.slipway.instance': 'slipway',
    'dev.slipway.environment': 'production',
    'dev.slipway.service': 'web',
    'dev.slipway.release': '7',
    'dev.slipway.deployment': 'k3f9',
    'dev.slipway.spec': identity.spec,
    'dev.slipway.seal': expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(containerName(identity)).toBe(name);
  expect(labels.read({ name, labels: { ...written, 'org.example': 'of the image' } })).toEqual(identity);
});

test.each(Object.keys(labels.of(identity)))('another %s breaks the seal', (label) => {
  const other = { ...labels.of(identity), [label]: label.endsWith('release') ? '8' : 'other' };
  // A name that fits its labels, as a forger would give it.
  const [service, environment, deployment] = ['service', 'environment', 'deployment'].map(
    (its) => other[`dev.slipway.${its}`],
  );
  expect(labels.read({ name: `${service}.${environment}.${deployment}`, labels: other })).toBeNull();
});

test.each(Object.keys(labels.of(identity)))('a container without %s is not ours', (label) => {
  const { [label]: _gone, ...rest } = labels.of(identity) as Record<string, string>;
  expect(labels.read({ name, labels: rest })).toBeNull();
});

test('a container of an image that brings our labels, with their seal, is not ours', () => {
  const brought = { name: 'admiring_knuth', labels: labels.of(identity) };
  expect(labels.read(brought)).toBeNull();
  expect(labels.names(brought)).toBe(true);
});

test('containers of another instance, or sealed with another key, are not ours', () => {
  const other = createLabels('other', key).of(identity);
  expect([labels.read({ name, labels: other }), labels.names({ name, labels: other })]).toEqual([null, false]);
  const forged = createLabels('slipway', new Secret('1'.repeat(64))).of(identity);
  expect([labels.read({ name, labels: forged }), labels.names({ name, labels: forged })]).toEqual([null, true]);
});

test('texts that run into each other have different seals', () => {
  const seal = (environment: string, service: string) =>
    labels.of({ ...identity, environment, service })['dev.slipway.seal'];
  expect(seal('a', 'b.c')).not.toBe(seal('a.b', 'c'));
});

test('a specification has one text for each key, which does not show it', () => {
  expect(labels.specOf('password')).toBe(labels.specOf('password'));
  expect(labels.specOf('password')).not.toBe(labels.specOf('passwort'));
  expect(createLabels('slipway', new Secret('1'.repeat(64))).specOf('password')).not.toBe(labels.specOf('password'));
});
