/** Answers that are sent only if they have changed, and compressed to those who take that. */

/** A text that is JSON already. */
export const asItIs = (text: unknown) => text as string;

/** An `ETag`. Weak: the same answer is sent compressed and not. */
export const tagOf = (revision: string): string => `W/"${revision}"`;

/** RFC 9110, 13.1.2: compared as weak tags. */
export const isAmong = (tag: string, known: string): boolean =>
  known.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag.slice('W/'.length));

/** Whether the header names gzip, or everything, and does not refuse it (RFC 9110, 12.5.3). */
export function takesGzip(header: string | string[] | undefined): boolean {
  const offers = String(header ?? '').split(',');
  const weightOf = (coding: string): number | null => {
    const offer = offers
      .map((one) =>
        one
          .trim()
          .toLowerCase()
          .split(/\s*;\s*/),
      )
      .find(([name]) => name === coding);
    if (offer === undefined) return null;
    const weight = offer.find((parameter) => parameter.startsWith('q='));
    return weight === undefined ? 1 : Number(weight.slice('q='.length));
  };
  return (weightOf('gzip') ?? weightOf('*') ?? 0) > 0;
}
