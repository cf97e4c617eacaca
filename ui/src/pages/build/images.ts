import type { Build } from '../../api/types.js';

type Made = Pick<Build, 'id' | 'status' | 'image' | 'finishedAt'>;

export interface Tags {
  /** Those that the image has still. */
  readonly own: readonly string[];
  /** Those that a newer build has taken, with that build. */
  readonly moved: readonly { readonly tag: string; readonly to: Made }[];
}

/** The tags that a build wrote beside the version tag. `builds`: of its branch, newest first. */
export function tagsOf({ image }: Made, builds: readonly Made[]): Tags {
  const [own, moved]: [string[], Tags['moved'][number][]] = [[], []];
  for (const tag of image?.tags.slice(1) ?? []) {
    const to = builds.filter((one) => one.image?.tags.includes(tag)).reduce<Made | null>(later, null);
    if (to === null || to.image?.digest === image?.digest) own.push(tag);
    else moved.push({ tag, to });
  }
  return { own, moved };
}

const endOf = ({ finishedAt }: Made): number => (finishedAt === null ? 0 : Date.parse(finishedAt));

const later = (one: Made | null, other: Made): Made => (one !== null && endOf(one) >= endOf(other) ? one : other);

/** Whether the build before it on its branch had made the same image. `builds`: newest first. */
export function isAsBefore({ id, image }: Made, builds: readonly Made[]): boolean {
  const here = builds.findIndex((one) => one.id === id);
  if (here < 0 || image === null) return false;
  const before = builds.slice(here + 1).find(({ status }) => status === 'succeeded');
  return before?.image?.digest === image.digest;
}
