/** Characters of a service's name. */
const MAX_NAME_CHARACTERS = 128;

/**
 * Makes names of services out of names of folders. Each is valid as a service and as an image, and given once: `given` is added to.
 * `parent` comes before a name that is taken.
 */
export function serviceName(wanted: string, parent: string, given: Set<string>): string {
  const own = validName(wanted) || 'service';
  const longer = validName(`${parent}-${wanted}`) || own;
  const free = [own, longer].find((name) => !given.has(name)) ?? numbered(own, given);
  given.add(free);
  return free;
}

/** Lower case, ASCII, single separators inside. '' if nothing is left. */
export function validName(text: string): string {
  return trimmed(
    text
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/[._-]{2,}/g, '-'),
  ).slice(0, MAX_NAME_CHARACTERS);
}

const trimmed = (name: string): string =>
  name
    .replace(/^[._-]+/, '')
    .slice(0, MAX_NAME_CHARACTERS)
    .replace(/[._-]+$/, '');

function numbered(name: string, given: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) {
    const end = `-${number}`;
    const next = `${trimmed(name.slice(0, MAX_NAME_CHARACTERS - end.length))}${end}`;
    if (!given.has(next)) return next;
  }
}
