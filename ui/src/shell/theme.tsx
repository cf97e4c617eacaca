import { signal } from '@preact/signals';
import type { VNode } from 'preact';

const storageKey = 'slipway.theme';
const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const theme = signal<Theme>(themes.find((one) => one === document.documentElement.dataset['theme']) ?? 'system');

function choose(chosen: Theme): void {
  theme.value = chosen;
  if (chosen === 'system') {
    delete document.documentElement.dataset['theme'];
    localStorage.removeItem(storageKey);
  } else {
    document.documentElement.dataset['theme'] = chosen;
    localStorage.setItem(storageKey, chosen);
  }
}

/** Light, dark, or as the system says. theme.js applies the choice before the first paint. */
export function ThemeChoice(): VNode {
  return (
    <select
      class="quiet"
      aria-label="Theme"
      value={theme.value}
      onChange={({ currentTarget }) => choose(currentTarget.value as Theme)}
    >
      <option value="system">☼ System</option>
      <option value="light">☀ Light</option>
      <option value="dark">☾ Dark</option>
    </select>
  );
}
