import Anser from 'anser';

/** The sixteen colours, as classes in log.css, with their usual values. */
const palette: readonly (readonly [name: string, red: number, green: number, blue: number])[] = [
  ['black', 0, 0, 0],
  ['red', 187, 0, 0],
  ['green', 0, 187, 0],
  ['yellow', 187, 187, 0],
  ['blue', 0, 0, 187],
  ['magenta', 187, 0, 187],
  ['cyan', 0, 187, 187],
  ['white', 255, 255, 255],
];

/** One of the eight names that is nearest. */
function nearest(red: number, green: number, blue: number): string {
  const distance = ([, r, g, b]: (typeof palette)[number]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
  return [...palette].sort((a, b) => distance(a) - distance(b))[0]?.[0] ?? 'white';
}

/** Red, green and blue of one of the 256 colours (xterm: 16 colours, a cube of 6, 24 greys). */
function ofPalette(index: number): string {
  if (index < 16) return palette[index % 8]?.[0] ?? 'white';
  if (index >= 232) return index < 244 ? 'black' : 'white';
  const level = (value: number) => (value === 0 ? 0 : 55 + 40 * value);
  const cube = index - 16;
  return nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function nameOf(colour: string, exact: string): string {
  const [, index] = /^ansi-palette-(\d+)$/.exec(colour) ?? [];
  if (index !== undefined) return ofPalette(Number(index));
  if (colour === 'ansi-truecolor') {
    const [red = 0, green = 0, blue = 0] = exact.split(',').map(Number);
    return nearest(red, green, blue);
  }
  return colour.replace(/^ansi-(?:bright-)?/, '');
}

/** A line in its colours: text nodes and spans with classes, no markup, no inline style. */
export function coloured(line: string): Node[] {
  if (!line.includes('\u001b')) return [document.createTextNode(line)];
  return Anser.ansiToJson(line, { json: true, use_classes: true, remove_empty: true }).map((piece) => {
    const classes = [
      ...(piece.fg ? [`c-${nameOf(piece.fg, piece.fg_truecolor)}`] : []),
      ...(piece.decorations.includes('bold') ? ['bold'] : []),
    ];
    if (classes.length === 0) return document.createTextNode(piece.content);
    const span = document.createElement('span');
    span.className = classes.join(' ');
    span.textContent = piece.content;
    return span;
  });
}
