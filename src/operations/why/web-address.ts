/** The settings that tell where the git host has its pages. */
export interface WebSettings {
  readonly cloneUrl: string;
  readonly apiUrl: string;
}

/** The page of GitHub that shows a difference. Null for another git host, whose pages are not known. */
export function compareUrl(
  settings: WebSettings,
  repository: string,
  { base, head }: { readonly base: string; readonly head: string },
): string | null {
  const host = webHost(settings);
  return host === null ? null : `${host}/${repository}/compare/${base}...${head}`;
}

/** GitHub itself, or a GitHub Enterprise Server: its API is below `/api/v3` of the host that it is cloned from. */
function webHost({ cloneUrl, apiUrl }: WebSettings): string | null {
  const written = cloneUrl.replace('{repository}', 'owner/name');
  if (!URL.canParse(written) || !URL.canParse(apiUrl)) return null;
  const [clone, api] = [new URL(written), new URL(apiUrl)];
  if (!/^https?:$/.test(clone.protocol)) return null;
  if (!/^\/owner\/name(\.git)?$/.test(clone.pathname)) return null;
  const isGitHub = clone.host === 'github.com' || (api.host === clone.host && /^\/api\/v3\/?$/.test(api.pathname));
  return isGitHub ? clone.origin : null;
}
