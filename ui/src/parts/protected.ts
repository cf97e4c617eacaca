/** True for an environment where people type the name before they act: others are asked there, or it is changed at certain times only. */
export const isProtected = ({
  approvals,
  window,
}: {
  readonly approvals: number;
  readonly window: object | string | null;
}): boolean => approvals > 0 || window !== null;
