import { Recent } from '../../recent.js';
import { parseDockerfile, type ParsedDockerfile } from './dockerfile.js';
import { MAX_DOCKERFILE_BYTES } from './file-limits.js';

const memoLimits = { entries: 200, weight: 2 * MAX_DOCKERFILE_BYTES } as const;

/** A parser that caches the last Dockerfiles. A Dockerfile is parsed once and evaluated for each service, branch and base image. */
export function createParseMemo(parse: (text: string) => ParsedDockerfile = parseDockerfile) {
  const known = new Recent<ParsedDockerfile>(memoLimits);
  return (text: string): ParsedDockerfile => {
    const found = known.get(text);
    if (found) return found;
    const parsed = parse(text);
    known.add(text, parsed, text.length);
    return parsed;
  };
}
