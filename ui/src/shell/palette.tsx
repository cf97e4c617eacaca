import Combobox from '@github/combobox-nav';
import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useOverview } from '../api/overview.js';
import { places } from './places.js';

interface Entry {
  readonly href: string;
  readonly name: string;
  readonly hint: string;
}

const MAX_SHOWN = 12;

/** `Ctrl+K`: goes to a page, a service, a build by its id, the builds of a commit. */
export function Palette(): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const text = useSignal('');
  const { route } = useLocation();
  const { data } = useOverview();
  const entries = found(text.value.trim(), data?.services ?? []);

  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (dialog.current?.open === false) dialog.current.showModal();
    };
    document.addEventListener('keydown', open);
    return () => document.removeEventListener('keydown', open);
  }, []);
  const combobox = useRef<Combobox | null>(null);
  useEffect(() => {
    if (input.current === null || list.current === null) return;
    const made = new Combobox(input.current, list.current, { firstOptionSelectionMode: 'selected' });
    combobox.current = made;
    made.start();
    return () => made.destroy();
  }, []);
  // Each key clears what was selected; the list is another one by now.
  useEffect(() => combobox.current?.resetSelection(), [text.value, entries.map(({ href }) => href).join()]);

  const go = (href: string) => {
    dialog.current?.close();
    text.value = '';
    route(href);
  };
  return (
    <>
      <button type="button" class="quiet find" onClick={() => dialog.current?.showModal()}>
        Find or do <kbd>Ctrl K</kbd>
      </button>
      <dialog ref={dialog} class="palette" aria-label="Find or do">
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label="Service, page, build or commit"
          aria-expanded="true"
          aria-controls="palette-list"
          placeholder="Service, page, build or commit"
          value={text.value}
          onInput={({ currentTarget }) => (text.value = currentTarget.value)}
        />
        <ul id="palette-list" ref={list} role="listbox" aria-label="Found">
          {entries.map(({ href, name, hint }, index) => (
            <li key={href} id={`palette-${index}`} role="option" onClick={() => go(href)}>
              {name} <span class="soft">{hint}</span>
            </li>
          ))}
        </ul>
      </dialog>
    </>
  );
}

function found(text: string, services: readonly { readonly name: string; readonly repository: string }[]): Entry[] {
  const lower = text.toLowerCase();
  const pages = places.map(({ href, name }) => ({ href, name, hint: 'page' }));
  const named = services.map(({ name, repository }) => ({ href: `/services/${name}`, name, hint: repository }));
  const matching = [...pages, ...named].filter(({ name }) => name.toLowerCase().includes(lower));
  const commit = /^[0-9a-f]{4,64}$/i.test(text)
    ? [{ href: `/builds?commit=${text}`, name: `Builds of ${text}`, hint: 'commit' }]
    : [];
  const build = /^[\w-]{6,64}$/.test(text)
    ? [{ href: `/builds/${encodeURIComponent(text)}`, name: `Build ${text}`, hint: 'id' }]
    : [];
  // Exact beginnings first.
  matching.sort(
    (a, b) => Number(b.name.toLowerCase().startsWith(lower)) - Number(a.name.toLowerCase().startsWith(lower)),
  );
  return [...matching.slice(0, MAX_SHOWN), ...commit, ...build];
}
