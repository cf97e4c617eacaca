import Combobox from '@github/combobox-nav';
import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useEnvironmentNames } from '../api/environment-names.js';
import { useOverview } from '../api/overview.js';
import type { OverviewRow } from '../api/types.js';
import { keyMaps, type KeyMap } from './keys.js';
import { places } from './places.js';

/** A place to go to, or an act of the page that is open. */
interface Entry {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly target: { readonly href: string } | { readonly act: () => void };
}

const MAX_SHOWN = 12;

/** `Ctrl+K`: does what the page that is open can do; goes to a page, a service, a build by its id, the builds of a commit. */
export function Palette(): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const text = useSignal('');
  const { route } = useLocation();
  const isOpen = useSignal(false);
  const known = { services: useOverview().data?.services ?? [], environments: useEnvironmentNames(isOpen.value) };
  const wanted = text.value.trim();
  const entries = [...actsOf(keyMaps.value, wanted), ...found(wanted, known)];

  const show = () => {
    isOpen.value = true;
    dialog.current?.showModal();
  };
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (dialog.current?.open === false) show();
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
  // Each key clears what was selected; the list is another one by now. Before the next key: an Enter may follow at once.
  useLayoutEffect(() => combobox.current?.resetSelection(), [text.value, entries.map(({ id }) => id).join()]);

  const go = ({ target }: Entry) => {
    dialog.current?.close();
    text.value = '';
    if ('href' in target) route(target.href);
    else target.act();
  };
  return (
    <>
      <button type="button" class="quiet find" onClick={show}>
        Find or do <kbd>Ctrl K</kbd>
      </button>
      {/* Heard here, after the combobox has heard it and has cleared its selection. */}
      <dialog
        ref={dialog}
        class="palette"
        aria-label="Find or do"
        onInput={({ target }) => (text.value = (target as HTMLInputElement).value)}
      >
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label="Find or do"
          aria-expanded="true"
          aria-controls="palette-list"
          placeholder="Act, service, tag, page, environment, commit or id"
          value={text.value}
        />
        <ul id="palette-list" ref={list} role="listbox" aria-label="Found">
          {entries.map((entry, index) => (
            <li key={entry.id} id={`palette-${index}`} role="option" onClick={() => go(entry)}>
              {entry.name} <span class="soft">{entry.hint}</span>
            </li>
          ))}
        </ul>
        {entries.length === 0 && (
          <p class="soft" role="status">
            Nothing has that name.
          </p>
        )}
      </dialog>
    </>
  );
}

/** What a key of the page does, by its words. Keys that move are of no use here, and the places have entries of their own. */
function actsOf(maps: readonly KeyMap[], text: string): Entry[] {
  const all = Object.entries(Object.assign({}, ...maps) as KeyMap);
  return all.flatMap(([key, { words, act, repeats = false, ofRow = false }]) =>
    words !== null &&
    !repeats &&
    !ofRow &&
    !words.startsWith('Go to ') &&
    words.toLowerCase().includes(text.toLowerCase())
      ? [{ id: `key ${key}`, name: words, hint: `key ${key}`, target: { act } }]
      : [],
  );
}

interface Known {
  readonly services: readonly Pick<OverviewRow, 'name' | 'repository' | 'tag'>[];
  readonly environments: readonly string[];
}

function found(text: string, { services, environments }: Known): Entry[] {
  const lower = text.toLowerCase();
  const named = [
    ...places.map(({ href, name }) => entryOf(href, name, 'page')),
    ...environments.map((name) => entryOf(`/environments/${name}`, name, 'environment')),
    ...services.map(({ name, repository }) => entryOf(`/services/${name}`, name, repository)),
  ];
  const matching = named.filter(({ name }) => name.toLowerCase().includes(lower));
  // Exact beginnings first.
  matching.sort(
    (a, b) => Number(b.name.toLowerCase().startsWith(lower)) - Number(a.name.toLowerCase().startsWith(lower)),
  );
  const tagged =
    text === ''
      ? []
      : services.flatMap(({ name, tag }) =>
          tag?.includes(lower) === true ? [entryOf(`/services/${name}`, `${name} ${tag}`, 'newest tag')] : [],
        );
  return [...[...matching, ...tagged].slice(0, MAX_SHOWN), ...ofIds(text)];
}

/** What a text may name that no list has: a commit, a build, a deployment. */
function ofIds(text: string): Entry[] {
  const commit = /^[0-9a-f]{4,64}$/i.test(text)
    ? [
        entryOf(`/deliveries?commit=${text}`, `What came of ${text}`, 'commit'),
        entryOf(`/builds?commit=${text}`, `Builds of ${text}`, 'commit'),
      ]
    : [];
  const build = /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text) ? [entryOf(`/builds/${text}`, `Build ${text}`, 'id')] : [];
  const deployment = /^(?=.*\d)[a-z0-9]{9}$/.test(text)
    ? [entryOf(`/deployments/${text}`, `Deployment ${text}`, 'id')]
    : [];
  return [...commit, ...build, ...deployment];
}

const entryOf = (href: string, name: string, hint: string): Entry => ({
  id: `${href} ${name}`,
  name,
  hint,
  target: { href },
});
