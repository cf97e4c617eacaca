/**
 * A browser without a screen, for the tests of pages. It is Debian's, unpacked and never installed. `CHROMIUM_PATH` names another one, which is
 * what a machine that is not Debian, or a user other than root, needs.
 */
import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebianPackages, ownRelease } from './debian.mjs';
import { canInstall } from './programs.mjs';
import { root } from './project.mjs';

/** The whole browser would add GTK and menus, which no test can see. */
const browser = 'chromium-headless-shell';

/** Fonts for the text and for the marks of states. Without them every character is an empty box. */
const fonts = ['fonts-liberation', 'fonts-dejavu-core'];

/** What a page or the browser asks for, and what it gets. */
const families = {
  // What Chromium takes for `system-ui` where no desktop names a font.
  sans: ['Liberation Sans', 'DejaVu Sans'],
  'sans-serif': ['Liberation Sans', 'DejaVu Sans'],
  'system-ui': ['Liberation Sans', 'DejaVu Sans'],
  Arial: ['Liberation Sans', 'DejaVu Sans'],
  serif: ['Liberation Serif', 'DejaVu Serif'],
  'Times New Roman': ['Liberation Serif', 'DejaVu Serif'],
  monospace: ['Liberation Mono', 'DejaVu Sans Mono'],
};

const named = (family) => `<family>${family}</family>`;

/** Pages look the same on every machine, whatever other fonts are installed there. */
const fontSettings = (folders, cache) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${folders.map((folder) => `<dir>${folder}</dir>`).join('\n')}
<cachedir>${cache}</cachedir>
${Object.entries(families)
  .map(([family, fonts]) => `<alias>${named(family)}<prefer>${fonts.map(named).join('')}</prefer></alias>`)
  .join('\n')}
<match target="pattern"><edit name="family" mode="append_last"><string>Liberation Sans</string></edit></match>
</fontconfig>
`;

/** The name of Debian's folder for libraries of this machine's processor. */
const libraryFolder = () => (process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu');

function unpacked(say) {
  if (!canInstall()) {
    throw new Error(
      'Chromium is fetched from Debian: that needs root. Elsewhere, CHROMIUM_PATH names the program of a Chromium.',
    );
  }
  const folder = join(root, '.test/programs/chromium');
  const packages = [browser, ...fonts];
  const tree = ensureDebianPackages({ suite: ownRelease, packages, withDependencies: true, folder, say });
  const settings = join(folder, 'fonts.conf');
  if (!existsSync(settings)) {
    const folders = [join(tree, 'usr/share/fonts'), '/usr/share/fonts'];
    const cache = join(folder, 'font-cache');
    mkdirSync(cache, { recursive: true });
    writeFileSync(settings, fontSettings(folders, cache));
  }
  const libraries = join(tree, 'usr/lib', libraryFolder());
  // PulseAudio's own folder is written into its library as an absolute path.
  const libraryPath = `${libraries}:${join(libraries, 'pulseaudio')}`;
  return {
    file: join(tree, 'usr/lib/chromium', browser),
    env: { LD_LIBRARY_PATH: libraryPath, FONTCONFIG_FILE: settings },
  };
}

/** The program of `CHROMIUM_PATH`, or the one of Debian, which is fetched once and kept below `.test`; and what its environment needs. */
export function ensureChromium(say, env = process.env) {
  const named = env.CHROMIUM_PATH;
  if (named === undefined || named === '') return unpacked(say);
  try {
    accessSync(named, constants.X_OK);
  } catch {
    throw new Error(`CHROMIUM_PATH=${named}: that is no program.`);
  }
  return { file: named, env: {} };
}

/** Starts it without a window, and resolves with playwright's browser. It ends with this process. */
export async function startChromium({ file, env }, args = []) {
  // Not at the top: the commands load this file before they install the packages.
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: file,
    env: { ...process.env, ...env },
    // Chromium refuses to run its sandbox as root.
    chromiumSandbox: process.getuid?.() !== 0,
    args,
  });
}
