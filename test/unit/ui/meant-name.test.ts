import { meantName, unknownName } from '../../../ui/src/parts/meant-name.js';

const names = ['storefront', 'shop', 'shop-admin', 'orders'];

test.each([
  ['', ''],
  [' stor ', 'storefront'],
  ['SHOP', 'shop'],
  ['sho', 'sho'],
  ['front', 'storefront'],
  ['nothing', 'nothing'],
])('%j means %j', (typed, meant) => {
  expect(meantName(typed, names)).toBe(meant);
});

test('an unknown name is said, with those that have it as a part', () => {
  expect(unknownName('service', '', names)).toBeNull();
  expect(unknownName('service', 'Orders', names)).toBeNull();
  expect(unknownName('service', 'nope', names)).toBe('No service is named nope.');
  expect(unknownName('service', 'sho', names)).toBe(
    'No service is named sho. These have it in their name: shop, shop-admin.',
  );
  const many = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'];
  expect(unknownName('repository', 'a', many)).toMatch(/a4, a5 …\.$/);
});
