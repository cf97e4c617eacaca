import type { KeptSpecification } from '../model/deployment.js';
import type { Verify } from '../model/run-file.js';
import { diff, notShown, type Difference } from '../run-file/diff.js';

/** What stands for a host that publishes on every address. */
const everyAddress = 'every address';

/**
 * The fields in which what is kept of a release differs from what the same release would be deployed with now, because variables, defaults
 * or settings of hosts have changed. `from`: kept. Pure.
 */
export function pendingFields(kept: KeptSpecification, next: KeptSpecification): readonly Difference[] {
  return [
    ...(kept.image === next.image ? [] : [plain('image', kept.image, next.image)]),
    ...diff(kept.parameters, next.parameters),
    ...publishFields(kept.publish, next.publish),
    ...verifyFields(kept, next),
  ];
}

const plain = (field: string, from: string | null, to: string | null): Difference => ({
  ...{ field, from, to },
  secret: false,
});

type Publish = KeptSpecification['publish'];

function publishFields(kept: Publish, next: Publish): readonly Difference[] {
  const address = (publish: Publish, host: string): string | null =>
    Object.hasOwn(publish, host) ? (publish[host] ?? everyAddress) : null;
  const hosts = [...new Set([...Object.keys(kept), ...Object.keys(next)])].sort();
  return hosts
    .map((host) => plain(`publish.${host}`, address(kept, host), address(next, host)))
    .filter(({ from, to }) => from !== to);
}

function verifyFields(kept: KeptSpecification, next: KeptSpecification): readonly Difference[] {
  const keys = [...new Set([...Object.keys(kept.verify ?? {}), ...Object.keys(next.verify ?? {})])].sort();
  return keys.flatMap((name) => {
    const key = name as keyof Verify;
    const [from, to] = [textOf(kept.verify?.[key]), textOf(next.verify?.[key])];
    if (from === to) return [];
    const secret = [kept, next].some(({ secretVerifyKeys }) => secretVerifyKeys.includes(key));
    const hide = (text: string | null) => (text === null || !secret ? text : notShown);
    return [{ field: `verify.${name}`, from: hide(from), to: hide(to), secret }];
  });
}

/** Headers in any order are the same. */
function textOf(value: Verify[keyof Verify]): string | null {
  if (value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(Object.entries(value).sort()) : String(value);
}
