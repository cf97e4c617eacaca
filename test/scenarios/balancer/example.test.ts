/** The configuration of HAProxy that docs/deploying.md shows. */
import { codeBlocks, read } from '../../docs/markdown.js';
import { checkHaproxy } from '../../support/haproxy.js';

test('HAProxy takes the example', async () => {
  const blocks = codeBlocks(await read('docs/deploying.md'));
  const example = blocks.find(({ note }) => note === 'haproxy.cfg')?.text ?? '';
  // The machine of the test need not have Debian's user for it.
  const config = example.replaceAll(/^ {2}(user|group) haproxy$/gm, '  $1 root');
  expect(config).toMatch(/level admin[\s\S]*server-state-file[\s\S]*load-server-state-from-file global/);
  const { valid, said } = await checkHaproxy(config);
  expect({ valid, said }).toEqual({ valid: true, said: expect.stringContaining('Configuration file is valid') });
  expect(said).not.toMatch(/\[(WARNING|ALERT)\](?!.*server state file)/);
});

test('a configuration with a fault is noticed', async () => {
  const { valid, said } = await checkHaproxy('global\n  server-state-fil /x\n');
  expect(valid).toBe(false);
  expect(said).toMatch(/server-state-fil/);
});
