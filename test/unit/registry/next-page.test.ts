import { nextPage } from '../../../src/registry/next-page.js';

const current = new URL('https://registry.test/v2/app/tags/list?n=2');

describe('the next page of a list', () => {
  test.each([
    [null, null],
    ['', null],
    ['</v2/app/tags/list?n=2&last=b>; rel="next"', 'https://registry.test/v2/app/tags/list?n=2&last=b'],
    ['<list?last=b>;rel=next', 'https://registry.test/v2/app/tags/list?last=b'],
    ['<https://registry.test/v2/x>; title="a"; rel="next"', 'https://registry.test/v2/x'],
    ['</a>; rel="prev", </b>; rel="next"', 'https://registry.test/b'],
    ['</a>; rel="prev"', null],
    ['</a>; rel="nextish"', null],
  ])('after Link %j is %j', (link, expected) => {
    expect(nextPage(current, link)?.href ?? null).toBe(expected);
  });

  test.each([
    ['another host', '<https://elsewhere.test/v2/app/tags/list?last=b>; rel="next"'],
    ['plain http', '<http://registry.test/v2/app/tags/list?last=b>; rel="next"'],
    ['itself', '</v2/app/tags/list?n=2>; rel="next"'],
  ])('is not followed to %s', (_where, link) => {
    expect(() => nextPage(current, link)).toThrow(expect.objectContaining({ code: 'registry-error' }));
  });
});
