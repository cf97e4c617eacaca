import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Follow } from './follow.js';
import type { LogProps } from './props.js';
import type { Chunk } from './model.js';
import { readLog } from './stream.js';
import { LogView } from './view.js';

/** Reads a log into an element while that is shown. */
export function useLogView({ url, read = readLog, steps, begin, isRunning, keep, failed, error = '' }: LogProps) {
  const [box, end] = [useRef<HTMLDivElement>(null), useRef<HTMLDivElement>(null)];
  const view = useRef<LogView | null>(null);
  const follow = useRef<Follow | null>(null);
  const isFollowing = useSignal(false);
  const [unseen, length] = [useSignal(0), useSignal(0)];
  // A log that grows no more begins at its top.
  const grows = useRef(isRunning);
  grows.current = isRunning;
  const [lost, fault] = [useSignal(false), useSignal<string | null>(null)];

  useEffect(() => {
    if (box.current === null || end.current === null) return;
    const shown = (view.current = new LogView(box.current, keep));
    const following = (follow.current = new Follow(end.current, (now) => {
      isFollowing.value = now;
      if (now) unseen.value = 0;
    }));
    // Lines of the address, until they have come.
    let wanted = /^#(?:(?:L|step-)\d|first-error$)/.test(location.hash) ? location.hash : '';
    const stopping = new AbortController();
    const hear = perFrame((chunks) => {
      const before = shown.model.length;
      shown.append(chunks);
      length.value = shown.model.length;
      if (location.hash !== wanted) wanted = '';
      if (following.isFollowing && grows.current && wanted === '') following.keep();
      else unseen.value += length.value - before;
      if (wanted !== '' && shown.follow(wanted)) {
        wanted = '';
        following.stop();
      }
    });
    const { signal } = stopping;
    void read({
      ...{ url, hear, signal },
      next: () => shown.model.next,
      grows: () => grows.current,
      isLost: (now) => (lost.value = now),
    }).catch((error: Error) => (fault.value = error.message));
    const goTo = () => shown.follow(location.hash) && following.stop();
    addEventListener('hashchange', goTo);
    return () => {
      removeEventListener('hashchange', goTo);
      stopping.abort();
      following.close();
      shown.close();
    };
  }, [url]);
  useEffect(() => view.current?.name(steps, begin), [steps, begin]);
  useEffect(() => {
    if (view.current !== null) view.current.fault = failed === null ? null : { step: failed, error };
  }, [url, failed, error]);
  // Where to begin is known once lines are there. A failed build begins at its top, where the reason stands.
  const isThere = length.value > 0;
  useEffect(() => {
    const shown = view.current;
    if (!isThere || shown === null) return;
    if (isRunning && location.hash === '') follow.current?.start();
  }, [isThere]);
  return { box, end, view, follow, isFollowing, unseen, length, lost, fault };
}

/** Hands on what was heard once a frame; in a tab that is hidden, once a second. */
function perFrame(use: (chunks: readonly Chunk[]) => void): (chunks: readonly Chunk[]) => void {
  let heard: Chunk[] = [];
  const flush = () => {
    const chunks = heard;
    heard = [];
    use(chunks);
  };
  return (chunks) => {
    if (heard.length === 0) {
      if (document.hidden) setTimeout(flush, 1000);
      else requestAnimationFrame(flush);
    }
    heard.push(...chunks);
  };
}
