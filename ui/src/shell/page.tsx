import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Problem } from '../api/client.js';
import { clockTime } from '../parts/time.js';

/** What a page needs to know of a query. */
interface Read<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly dataUpdatedAt: number;
}

/** The name of the page in the window, and behind it that of the product. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Slipway' : `${title} · Slipway`;
  }, [title]);
}

const icons = { ok: '#1a7f37', bad: '#cf222e', run: '#0969da', warn: '#8a5a00', idle: '#656d76' } as const;

/** The icon of the window has the colour of a state while the page is open: how a build ended is seen from another tab. */
export function useIcon(tone: keyof typeof icons): void {
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('#favicon');
    if (link === null) return;
    const usual = link.href;
    const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${icons[tone]}"/></svg>`;
    link.href = `data:image/svg+xml,${encodeURIComponent(picture)}`;
    return () => (link.href = usual);
  }, [tone]);
}

const QUIET_MS = 150;

/** Grey rows once waiting becomes noticeable. No spinner. */
export function Waiting({ rows = 12 }: { rows?: number }): VNode | null {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div class="waiting" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} class="row" />
      ))}
    </div>
  );
}

/** What was read, once it is there. Data that could not be read again stays, with a bar that says of when it is. */
export function Loaded<T>({
  read,
  rows,
  children,
}: {
  read: Read<T>;
  rows?: number;
  children: (data: T) => ComponentChildren;
}): VNode {
  const { data, error, dataUpdatedAt } = read;
  if (data === undefined)
    return error === null ? <Waiting {...(rows !== undefined && { rows })} /> : <Fault error={error} />;
  return (
    <>
      {error !== null && (
        <div class="bar" role="status">
          As of {clockTime(dataUpdatedAt)}; {error.message}
        </div>
      )}
      {children(data)}
    </>
  );
}

/** Why a page shows nothing. */
export function Fault({ error }: { error: Error }): VNode {
  const code = error instanceof Problem ? error.code : 'fault';
  return (
    <div class="fault" role="alert">
      <h1>{error instanceof Problem && error.status === 404 ? 'Not found' : 'This could not be read'}</h1>
      <p>{error.message}</p>
      <p class="soft">{code}</p>
    </div>
  );
}
