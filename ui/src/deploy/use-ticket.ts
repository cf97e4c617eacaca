import { useSignal } from '@preact/signals';
import { useQuery } from '@tanstack/preact-query';
import { useLocation } from 'preact-iso';
import { useEffect, useMemo } from 'preact/hooks';
import { Problem } from '../api/client.js';
import { mayDeploy } from '../api/session.js';
import type { Environment } from '../api/types.js';
import type { TicketFrame, TicketProps } from './props.js';
import { useEnvironments, useRelease, useReleases } from './queries.js';
import { isProtected } from '../parts/protected.js';
import { environmentsOf } from './sentences.js';
import { deploymentOf, newKey, planOf, type Target, type Wish } from './wish.js';

/** Releases that are shown at first. */
const FIRST = 8;

/** What has been chosen in the dialog, what it would do, and how to ask for it. */
export function useTicket({ service, environment, release, rollback = false, close }: TicketProps & TicketFrame) {
  const limit = useSignal(FIRST);
  const environments = useEnvironments();
  const releases = useReleases(service, limit.value);
  const named = useRelease(service, release ?? null);
  const [chosenEnvironment, chosen] = [useSignal(environment ?? null), useSignal<Target | null>(null)];
  const [force, useKept] = [useSignal(false), useSignal(false)];
  const places = environmentsOf(environments.data ?? [], service).filter(({ name }) => mayDeploy(name));
  const place = places.find(({ name }) => name === chosenEnvironment.value) ?? (environment ? null : places[0]) ?? null;
  const target = chosen.value ?? targetAtFirst(rollback, release, releases.data?.releases[0]?.number);
  // What was chosen at first stays, also if a newer release comes while somebody reads the plan.
  useEffect(() => void (chosen.value ??= target), [target === null]);
  const wish = wishOf(place, { service, target, isRollback: rollback, force: force.value, useKept: useKept.value });
  const plan = useQuery({
    queryKey: ['plan', wish],
    queryFn: ({ signal }) => planOf(wish as Wish, signal),
    enabled: wish !== null,
    staleTime: 0,
  });
  const sending = useSending(wish, close);
  return {
    ...{ service, rollback, limit, environments, releases, named, places, place, target, chosen, force, useKept, plan },
    ...sending,
    chosenEnvironment,
    isBlocked: plan.error instanceof Problem && plan.error.code === 'release-blocked',
    canBeSent: plan.data !== undefined && plan.data.faults.length === 0 && !sending.isSending.value,
    typing: place !== null && isProtected(place) ? place.name : null,
  };
}

export type Ticket = ReturnType<typeof useTicket>;

function targetAtFirst(isRollback: boolean, release: number | undefined, newest: number | undefined): Target | null {
  const first = isRollback ? release : (release ?? newest);
  return first === undefined ? null : { release: first };
}

function wishOf(place: Environment | null, wish: Omit<Wish, 'environment'>): Wish | null {
  if (place === null || (wish.target === null && !wish.isRollback)) return null;
  return { ...wish, environment: place.name };
}

function useSending(wish: Wish | null, close: () => void) {
  const { route } = useLocation();
  const [reference, reason] = [useSignal(''), useSignal('')];
  const [isSending, fault] = [useSignal(false), useSignal<string | null>(null)];
  const text = JSON.stringify([wish, reference.value, reason.value]);
  // A wish that is sent again, because the answer was lost, is the same deployment.
  const key = useMemo(newKey, [text]);
  useEffect(() => void (fault.value = null), [text]);
  const send = async () => {
    if (wish === null) return;
    isSending.value = true;
    fault.value = null;
    try {
      const { id } = await deploymentOf(wish, { reference: reference.value, reason: reason.value }, key);
      close();
      route(`/deployments/${encodeURIComponent(id)}`);
    } catch (error) {
      fault.value = (error as Error).message;
    } finally {
      isSending.value = false;
    }
  };
  return { reference, reason, isSending, fault, send };
}
