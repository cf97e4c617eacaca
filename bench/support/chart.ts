export interface Series {
  readonly name: string;
  readonly color: string;
  /** x and y of each point, in order of x. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Panel {
  readonly title: string;
  readonly series: readonly Series[];
}

const size = { width: 320, height: 240, left: 52, right: 16, top: 40, bottom: 48 } as const;
const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom } as const;
const legendHeight = 44;

const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;

/** The next of 1, 2, 2.5 and 5 times a power of ten, so that some four lines reach the value. */
function stepFor(most: number): number {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? rough;
}

const named = (value: number): string =>
  value >= 1000 ? `${Number((value / 1000).toPrecision(3)).toLocaleString('en')}k` : String(value);

/** One panel: x on a logarithmic scale with a tick at each measurement, y from 0 on. */
function draw({ title, series }: Panel, most: number, unit: string): string {
  const xs = (series[0]?.points ?? []).map(([x]) => x);
  const [low, high] = [Math.log(Math.min(...xs)), Math.log(Math.max(...xs))];
  const step = stepFor(most);
  const top = Math.ceil(most / step) * step;
  const placeX = (x: number) => size.left + ((Math.log(x) - low) / (high - low)) * inner.width;
  const placeY = (y: number) => size.top + inner.height * (1 - y / top);
  const lines = Array.from({ length: Math.round(top / step) + 1 }, (_, at) => at * step).flatMap((y) => [
    `<line x1="${size.left}" x2="${size.left + inner.width}" y1="${placeY(y).toFixed(1)}" y2="${placeY(y).toFixed(1)}" class="${y === 0 ? 'axis' : 'grid'}"/>`,
    text(size.left - 8, placeY(y) + 4, y.toLocaleString('en'), 'text-anchor="end"'),
  ]);
  const ticks = xs.flatMap((x) => [
    `<line x1="${placeX(x).toFixed(1)}" x2="${placeX(x).toFixed(1)}" y1="${placeY(0).toFixed(1)}" y2="${(placeY(0) + 5).toFixed(1)}" class="axis"/>`,
    text(placeX(x), placeY(0) + 19, named(x), 'text-anchor="middle"'),
  ]);
  const curves = series.map(({ color, points }) => {
    const places = points.map(([x, y]) => [placeX(x).toFixed(1), placeY(y).toFixed(1)] as const);
    const dots = places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3.5" fill="${color}"/>`).join('');
    return `<polyline points="${places.map((place) => place.join(',')).join(' ')}" stroke="${color}" class="curve"/>${dots}`;
  });
  return [
    ...lines,
    ...ticks,
    ...curves,
    text(size.left, size.top - 14, unit, 'class="unit"'),
    text(size.left + inner.width / 2, size.height - 8, title, 'text-anchor="middle" class="title"'),
  ].join('\n');
}

/** Panels side by side with the same scale for y, which begins at 0, and a legend above. */
export function chart(title: string, unit: string, panels: readonly Panel[]): string {
  const most = Math.max(...panels.flatMap(({ series }) => series.flatMap(({ points }) => points.map(([, y]) => y))));
  const width = size.width * panels.length;
  const height = size.height + legendHeight;
  const legend = (panels[0]?.series ?? []).map(({ name, color }, at) => {
    const x = size.left + 330 + at * 130;
    return `<line x1="${x}" x2="${x + 22}" y1="24" y2="24" stroke="${color}" class="curve"/><circle cx="${x + 11}" cy="24" r="3.5" fill="${color}"/>${text(x + 30, 28, name)}`;
  });
  const drawn = panels.map(
    (panel, at) => `<g transform="translate(${at * size.width},${legendHeight})">\n${draw(panel, most, unit)}\n</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">
<style>
text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: #424a53 }
.heading { font-size: 15px; font-weight: 600; fill: #1f2328 }
.title { font-weight: 600; fill: #1f2328 }
.unit { fill: #6e7781 }
.grid { stroke: #d8dee4 }
.axis { stroke: #6e7781 }
.curve { fill: none; stroke-width: 2.25 }
</style>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${text(size.left, 29, title, 'class="heading"')}
${legend.join('\n')}
${drawn.join('\n')}
</svg>
`;
}
