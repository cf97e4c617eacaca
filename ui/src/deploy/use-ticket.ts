import { useSignal } from '@preact/signals';
import { useQuery } from '@tanstack/preact-query';
import { useLocation } from 'preact-iso';
import { useEffect, useMemo } from 'preact/hooks';
import { Problem } from '../api/client.js';
import { mayDeploy } from '../api/session.js';
import type { Environment, Release } from '../api/types.js';
import type { Again, TicketFrame, TicketProps } from './props.js';
import { useEnvironments, useRelease, useReleases } from './queries.js';
import { isProtected } from '../parts/protected.js';
import { blockOf, environmentsOf } from './sentences.js';
import { deploymentOf, newKey, planOf, type Target, type Wish } from './wish.js';

/** Releases that are shown at first. */
const FIRST = 8;

/** What has been chosen in the dialog, what it would do, and how to ask for it. */
export function useTicket(props: TicketProps & TicketFrame) {
  const { service, environment, release, rollback = false, again, close } = props;
  const limit = useSignal(FIRST);
  const environments = useEnvironments();
  const releases = useReleases(service, limit.value);
  const named = useRelease(service, release ?? null);
  const [chosenEnvironment, chosen] = [useSignal(environment ?? null), useSignal<Target | null>(null)];
  const [force, useKept] = [useSignal(false), useSignal(false)];
  const places = environmentsOf(environments.data ?? [], service).filter(({ name }) => mayDeploy(name));
  const place = placeOf(places, chosenEnvironment.value, environment);
  const target = chosen.value ?? targetAtFirst(rollback, release, place, releases.data?.releases);
  // What was chosen at first stays, also if a newer release comes while somebody reads the plan.
  useEffect(() => void (chosen.value ??= target), [target === null]);
  const wish = wishOf(place, {
    service,
    target,
    isRollback: rollback,
    force: force.value,
    useKept: useKept.value,
    retryOf: again?.id ?? null,
  });
  const plan = useQuery({
    queryKey: ['plan', wish],
    queryFn: ({ signal }) => planOf(wish as Wish, signal),
    enabled: wish !== null,
    staleTime: 0,
  });
  const sending = useSending(wish, again, close);
  return {
    ...{
      service,
      rollback,
      again,
      limit,
      environments,
      releases,
      named,
      places,
      place,
      target,
      chosen,
      force,
      useKept,
      plan,
    },
    ...sending,
    chosenEnvironment,
    isBlocked: plan.error instanceof Problem && plan.error.code === 'release-blocked',
    canBeSent: plan.data !== undefined && plan.data.faults.length === 0 && !sending.isSending.value,
    typing: place !== null && isProtected(place) ? place.name : null,
  };
}

export type Ticket = ReturnType<typeof useTicket>;

/** The environment that is chosen; the first one, if none was named. */
const placeOf = (places: readonly Environment[], chosen: string | null, named: string | undefined) =>
  places.find(({ name }) => name === chosen) ?? (named ? null : places[0]) ?? null;

/** The newest release that is not blocked there, else the newest. */
function targetAtFirst(
  isRollback: boolean,
  release: number | undefined,
  place: Environment | null,
  releases: readonly Release[] | undefined,
): Target | null {
  if (release !== undefined) return { release };
  if (isRollback || place === null || releases === undefined) return null;
  const [newest] = releases;
  const first = releases.find((one) => blockOf(one, place.name) === null) ?? newest;
  return first === undefined ? null : { release: first.number };
}

function wishOf(place: Environment | null, wish: Omit<Wish, 'environment'>): Wish | null {
  if (place === null || (wish.target === null && !wish.isRollback)) return null;
  return { ...wish, environment: place.name };
}

function useSending(wish: Wish | null, again: Again | undefined, close: () => void) {
  const { route } = useLocation();
  const [reference, reason] = [useSignal(again?.reference ?? ''), useSignal(again?.reason ?? '')];
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
