import { SlipwayError } from '../../errors.js';
import { askAt, type VersionAnswer } from './ask-version.js';
import { activeIn } from './at-balancer.js';
import type { Target } from './host-work.js';
import { throwIfStopped } from './stopped.js';
import type { Switching } from './switch-over.js';

const ASK_MS = 1_000;

/**
 * Asks for the version where users do, at the balancer's address, until it is the right one. Does nothing if nobody said how. Fails with
 * `version-mismatch` or `verification-timeout` after `timeouts.start`.
 */
export async function askBalancer(target: Target, switching: Switching): Promise<void> {
  const { attempt, balancer, works, deps } = switching;
  const { environment, notes, signal } = attempt;
  const { verify } = target.specification;
  const address = environment.balancer?.address ?? null;
  const [host] = activeIn(await balancer.observe());
  const work = works.get(host ?? '');
  if (verify === null || address === null || work === undefined) return;
  const url = new URL(`${address.replaceAll('{service}', target.service)}${verify.path ?? '/'}`);
  const until = deps.clock.now() + environment.timeouts.start;
  await notes.step('verify through the balancer', null, async () => {
    for (;;) {
      throwIfStopped(signal);
      const answer = await askAt(url, 'balancer', target, work);
      if (answer.ok) return;
      if (deps.clock.now() >= until) throw failureOf(answer, url, target, work.mask);
      await deps.clock.sleep(Math.min(ASK_MS, environment.timeouts.start), signal);
    }
  });
}

function failureOf(
  { found, why }: VersionAnswer,
  url: URL,
  target: Target,
  mask: (text: string) => string,
): SlipwayError {
  const [asked, expected] = [mask(url.href), mask(target.expected.text)];
  if (found === null)
    return new SlipwayError(
      'verification-timeout',
      `The balancer does not answer with a version at ${asked}: ${mask(why ?? 'no answer')}.`,
    );
  const answered = mask(found);
  return new SlipwayError(
    'version-mismatch',
    `The balancer answers ${JSON.stringify(answered)} at ${asked} instead of ${JSON.stringify(expected)}.`,
    { extra: { expected, answered } },
  );
}
