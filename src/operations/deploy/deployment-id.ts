const characters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 9;

/** A short id, for names of containers. It begins with a letter. */
export function deploymentId(random: () => number): string {
  const among = (count: number): string => characters.charAt(Math.floor(random() * count));
  return among(26) + Array.from({ length: LENGTH - 1 }, () => among(characters.length)).join('');
}

/** An id that no deployment has. */
export async function freeDeploymentId(
  random: () => number,
  isTaken: (id: string) => Promise<boolean>,
): Promise<string> {
  for (;;) {
    const id = deploymentId(random);
    if (!(await isTaken(id))) return id;
  }
}
