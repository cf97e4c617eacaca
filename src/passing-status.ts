/** Statuses of a receiver that is slow, busy or broken for a while (RFC 9110; 425: RFC 8470; 429: RFC 6585). Any other 4xx is final. */
export const isPassingStatus = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;
