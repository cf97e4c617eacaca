import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useLive } from '../api/live.js';
import { overviewKey, useOverview } from '../api/overview.js';
import { ConnectionMark } from './connection.js';
import { Help } from './help.js';
import { useKeys } from './keys.js';
import { Account } from './login.js';
import { Palette } from './palette.js';
import { places } from './places.js';
import { ThemeChoice } from './theme.js';

/** Names of the places, what runs and waits, the connection, the visitor. */
export function TopBar(): VNode {
  const { path, route } = useLocation();
  const isHere = (href: string) =>
    href === '/' ? path === '/' || path.startsWith('/services/') : path.startsWith(href);
  useKeys(
    Object.fromEntries(
      places.map(({ href, name, key }) => [`g ${key}`, { words: `Go to ${name}`, act: () => route(href) }]),
    ),
  );
  return (
    <header class="top">
      <a class="brand" href="/">
        Slipway
      </a>
      <nav aria-label="Places">
        {places.map(({ href, name }) => (
          <a key={href} href={href} aria-current={isHere(href) ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <span class="spring" />
      <Palette />
      <QueuePill />
      <ConnectionMark />
      <ThemeChoice />
      <Help />
      <Account />
    </header>
  );
}

function QueuePill(): VNode | null {
  useLive({ types: ['build', 'queue'] }, [overviewKey]);
  const load = useOverview().data?.load;
  if (load === undefined || load.running + load.queued === 0) return null;
  return (
    <a class="pill" href="/builds">
      {[
        load.running > 0 && `${load.running} running`,
        load.queued > 0 && `${load.queued} ${load.queued === 1 ? 'waits' : 'wait'}`,
      ]
        .filter(Boolean)
        .join(' · ')}
    </a>
  );
}
