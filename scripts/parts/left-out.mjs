/**
 * Gets the parts that some tests need. Where they cannot be had, those tests are left out and `leftOut` says why; with `CI=true`, or if
 * they were asked for by name, that is a failure.
 *
 * @template Parts
 * @param {() => Promise<Parts>} get
 * @param {{ wanted: boolean, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ parts: Parts, leftOut: null } | { parts: null, leftOut: string }>}
 */
export async function partsOrReason(get, { wanted, env = process.env }) {
  try {
    return { parts: await get(), leftOut: null };
  } catch (error) {
    if (wanted || env.CI === 'true') throw error;
    return { parts: null, leftOut: error.message };
  }
}
