import type { ObservedContainer } from '../hosts/contract.js';
import { parseReference } from '../image-reference.js';
import type { Parameters } from '../model/parameters.js';
import { printable } from '../printable.js';
import { write } from '../run-file/write.js';

/** What Compose marks its containers with. They would be wrong on another container. */
const composeLabels = 'com.docker.compose.';

/**
 * A run file that creates a container like this one. Its volumes are external, so that their contents stay. Comments name what a run file
 * cannot say. Null if the container's image is gone, since it may be where any of the values come from.
 */
export function containerFile(container: ObservedContainer): string | null {
  const { name, image, digests, parameters, volumes, further } = container;
  if (parameters === null) return null;
  const isOfCompose = (label: string) => label.startsWith(composeLabels);
  const labels = Object.entries(parameters.labels).filter(([label]) => !isOfCompose(label));
  const mounted = new Set(parameters.mounts.map(({ target }) => target));
  const written: Parameters = {
    ...parameters,
    labels: Object.fromEntries(labels),
    mounts: parameters.mounts.map((mount) => ({ ...mount, external: mount.kind === 'volume' })),
  };
  const comments = [
    `from the container ${name}, created from ${image}`,
    'Values of `environment` are as the container has them. Put secrets into the configuration and write ${NAME} here.',
    ...(labels.length < Object.keys(parameters.labels).length ? [`left out: labels ${composeLabels}*`] : []),
    ...volumes
      .filter(({ target }) => !mounted.has(target))
      .map(({ volume, target }) => `left out: the volume ${volume} at ${target}, which the image asks for`),
    ...further.map((setting) => `not possible in a run file: ${setting}`),
  ];
  const file = write(written, { service: name, image: referenceOf(image, digests), verify: null });
  return `${comments.map((comment) => `# ${printable(comment)}\n`).join('')}${file}`;
}

/** The image by the digest that it has under its own name, else as the container names it. */
function referenceOf(image: string, digests: readonly string[]): string {
  const name = parseReference(image)?.name;
  return digests.find((digest) => digest.startsWith(`${name}@`)) ?? image;
}
