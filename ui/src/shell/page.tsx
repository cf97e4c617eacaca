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
