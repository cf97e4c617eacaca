/** Whether an id is that of a deployment: nine letters and digits. Builds have UUIDs. */
export const isDeployment = (id: string): boolean => /^[a-z0-9]{9}$/.test(id);
