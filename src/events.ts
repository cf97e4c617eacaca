import type { BuildStatus } from './model/build.js';
import type { DeliveryStatus } from './model/delivery.js';
import type { DeploymentStatus } from './model/deployment.js';

/** A change. Listeners ask the store for the state. */
export type SlipwayEvent =
  | {
      readonly type: 'build';
      readonly id: string;
      readonly service: string;
      readonly branch: string;
      readonly status: BuildStatus;
    }
  /** A step of a build began or ended. */
  | {
      readonly type: 'step';
      /** Of the build. */
      readonly id: string;
      readonly service: string;
      /** Its place among the build's steps. */
      readonly index: number;
      readonly name: string;
      readonly status: 'started' | 'finished';
    }
  /** As many builds run and wait. Published only while somebody watches. */
  | { readonly type: 'queue'; readonly running: number; readonly queued: number }
  | { readonly type: 'delivery'; readonly id: string; readonly status: DeliveryStatus }
  | {
      readonly type: 'deployment';
      readonly id: string;
      readonly service: string;
      readonly environment: string;
      readonly status: DeploymentStatus;
    }
  /** A build or a deployment has more log. */
  | { readonly type: 'log'; readonly id: string }
  /** A look was stored. */
  | { readonly type: 'look' }
  /** Looks at a repository were processed. */
  | { readonly type: 'looked' }
  /** What a host was seen to run has changed, whether it is reached, or whether the balancer has it active. */
  | {
      readonly type: 'observation';
      readonly environment: string;
      readonly host: string;
      readonly reachable: boolean;
    }
  /** Somebody holds an environment, or holds it no longer. */
  | { readonly type: 'hold'; readonly environment: string }
  /** A ping was taken, or a webhook request was refused. */
  | { readonly type: 'webhook' }
  /** Another configuration is in force. */
  | { readonly type: 'configuration' }
  /** Somebody asked to cancel a build or a deployment. */
  | { readonly type: 'cancel'; readonly id: string };

/** In-process events. They only wake listeners: the store is the record. */
export interface Events {
  publish(event: SlipwayEvent): void;
  /** Returns the function that unsubscribes. */
  subscribe(listener: (event: SlipwayEvent) => void): () => void;
}

export function createEvents(): Events {
  const listeners = new Set<(event: SlipwayEvent) => void>();
  return {
    publish(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
