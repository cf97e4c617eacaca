import { pushedImage } from '../../test/support/pushed-image.js';

/** Fails unless the image in the registry holds that file with that content: what was measured did what it should. */
export async function expectPushed(
  image: { readonly host: string; readonly repository: string; readonly tag: string },
  path: string,
  content: string,
): Promise<void> {
  const files = await (await pushedImage(image.host, image.repository, image.tag)).files();
  const found = files.get(path)?.toString();
  if (found !== content) {
    const held = found === undefined ? 'does not have it' : `has ${JSON.stringify(found)}`;
    throw new Error(
      `${image.repository}:${image.tag} should have ${path} with ${JSON.stringify(content)}, and ${held}.`,
    );
  }
}
