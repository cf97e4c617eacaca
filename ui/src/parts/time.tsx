import { signal } from '@preact/signals';
import type { VNode } from 'preact';

declare module 'preact' {
  // The element of the same name.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace JSX {
    interface IntrinsicElements {
      'relative-time': HTMLAttributes<HTMLElement> & {
        datetime?: string;
        format?: string;
        'format-style'?: string;
        threshold?: string;
        tense?: string;
      };
    }
  }
}

// Times become words a moment after the page is there.
void import('@github/relative-time-element');

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** How long ago it was; the time itself as title. */
export function Ago({ at }: { at: string | null }): VNode | null {
  if (at === null) return null;
  return (
    <time dateTime={at} title={absolute.format(new Date(at))} class="ago">
      <relative-time datetime={at} format="relative" format-style="narrow" threshold="P99Y" tense="past" />
    </time>
  );
}

/** The current time, once a second, for what is running. Only pages that read it are drawn again. */
export const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1000);

/** `0.3 s`, `41 s`, `1:58`, `1:02:03`. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const two = (number: number) => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Time since a moment, counting. */
export function Running({ since }: { since: string }): VNode {
  return <span class="tabular">{duration(now.value - Date.parse(since))}</span>;
}

/** Hours, minutes and seconds in the viewer's zone. */
export const clockTime = (at: string | number): string =>
  new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The same without seconds. */
export const minuteTime = (at: string | number): string =>
  new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
