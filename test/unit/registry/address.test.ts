import { registryAddress } from '../../../src/registry/address.js';

describe('the address of a registry', () => {
  test.each([
    ['registry.abc.net', false, 'https://registry.abc.net/v2/'],
    ['registry.abc.net:5000', false, 'https://registry.abc.net:5000/v2/'],
    ['registry.abc.net:5000', true, 'http://registry.abc.net:5000/v2/'],
    ['localhost:5000', false, 'http://localhost:5000/v2/'],
    ['127.0.0.1:5000', false, 'http://127.0.0.1:5000/v2/'],
    ['127.8.9.10', false, 'http://127.8.9.10/v2/'],
    ['[::1]:5000', false, 'http://[::1]:5000/v2/'],
    ['128.0.0.1:5000', false, 'https://128.0.0.1:5000/v2/'],
    ['127.0.0.1.abc.net', false, 'https://127.0.0.1.abc.net/v2/'],
  ])('of %j (insecure: %j) is %s', (host, insecure, address) => {
    expect(registryAddress(host, insecure).href).toBe(address);
  });

  test.each(['', 'a/b', 'user@host', 'host?x', 'host:port', ' host', 'https://host'])('refuses %j', (host) => {
    expect(() => registryAddress(host, false)).toThrow(expect.objectContaining({ code: 'registry-error' }));
  });
});
