const CHARACTERS = 9;
const IDS = 36 ** CHARACTERS;

/** A short id, for names of containers: digits and small letters. Ids of successive attempts follow each other. */
const deploymentId = (chosen: number, attempt: number): string =>
  ((Math.floor(chosen * IDS) + attempt) % IDS).toString(36).padStart(CHARACTERS, '0');

/** An id that no deployment has. `random`: at least 0, less than 1. */
export async function freeDeploymentId(
  random: () => number,
  isTaken: (id: string) => Promise<boolean>,
): Promise<string> {
  const chosen = random();
  for (let attempt = 0; ; attempt += 1) {
    const id = deploymentId(chosen, attempt);
    if (!(await isTaken(id))) return id;
  }
}
