import { pendingFields } from '../../../src/decide/pending-fields.js';
import type { KeptSpecification } from '../../../src/model/deployment.js';
import { keptSpecification } from '../../support/desired.js';
import { plainParameters } from '../../support/random-parameters.js';

const hidden = '(changed, not shown)';
const environment = (text: string, secret: boolean) => ({
  parameters: { ...plainParameters, environment: { P: { value: text, secret, written: text } } },
});

test.each<[string, Partial<KeptSpecification>, Partial<KeptSpecification>, readonly object[]]>([
  ['nothing', {}, {}, []],
  ['another registry', {}, { image: 'x@sha256:1' }, [{ field: 'image', to: 'x@sha256:1', secret: false }]],
  [
    'another default',
    {},
    { parameters: { ...plainParameters, memory: 2 ** 30 } },
    [{ field: 'mem_limit', from: '256m', to: '1g' }],
  ],
  [
    'a variable',
    environment('one', false),
    environment('two', false),
    [{ field: 'environment.P', from: 'one', to: 'two', secret: false }],
  ],
  [
    'a secret, which is not shown even if it is secret on one side alone',
    environment('one', true),
    environment('two', false),
    [{ field: 'environment.P', from: hidden, to: hidden, secret: true }],
  ],
  [
    'addresses of hosts, one that came and one that left',
    { publish: { a: null, b: '10.0.0.2', c: null } },
    { publish: { a: '10.0.0.1', c: null, d: null } },
    [
      { field: 'publish.a', from: 'every address', to: '10.0.0.1' },
      { field: 'publish.b', from: '10.0.0.2', to: null },
      { field: 'publish.d', from: null, to: 'every address' },
    ],
  ],
  [
    'how it is verified',
    { verify: { path: '/a', headers: { a: '1', b: '2' } } },
    { verify: { path: '/b', headers: { b: '2', a: '1' } } },
    [{ field: 'verify.path', from: '/a', to: '/b', secret: false }],
  ],
  [
    'a secret header of it',
    { verify: { headers: { a: '1' } }, secretVerifyKeys: ['headers'] },
    { verify: null },
    [{ field: 'verify.headers', from: hidden, to: null, secret: true }],
  ],
])('%s', (_, before, after, fields) =>
  expect(pendingFields(keptSpecification(before), keptSpecification(after))).toMatchObject(fields),
);
