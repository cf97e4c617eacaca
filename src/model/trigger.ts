export const triggerKinds = ['push', 'packaging', 'base-image', 'settings', 'api', 'manual', 'sweep', 'retry'] as const;
export type TriggerKind = (typeof triggerKinds)[number];

/** Why something is looked at or built. `by` is the name of the token that asked, or of the pusher. */
export interface Trigger {
  readonly kind: TriggerKind;
  readonly deliveryId: string | null;
  readonly by: string | null;
}
