import { Graph, layout } from '@dagrejs/dagre';
import type { Relations } from './relations.js';

export interface PlacedNode {
  readonly name: string;
  /** Left upper corner. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge {
  readonly base: string;
  readonly service: string;
  /** An SVG path. */
  readonly path: string;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** All have the same, so that they stand in columns. */
  readonly nodeWidth: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export const NODE_HEIGHT = 44;
const MIN_WIDTH = 160;
const MAX_WIDTH = 220;
const PADDING = 24;
/** Of a letter of 14 pixels in semi-bold. */
const LETTER = 7.8;
const MARGIN = 8;

/** Letters of a name that fit into a node of the largest width. */
export const MAX_NAME = Math.floor((MAX_WIDTH - PADDING) / LETTER);

/** Places services from left to right, bases first. */
export function pictureOf(names: readonly string[], { bases }: Relations): Picture {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 10, ranksep: 56, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  const within = new Set(names);
  const longest = Math.max(0, ...names.map((name) => name.length));
  const nodeWidth = Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, longest * LETTER + PADDING)));
  for (const name of names) graph.setNode(name, { width: nodeWidth, height: NODE_HEIGHT });
  for (const service of names)
    for (const base of bases.get(service) ?? []) if (within.has(base)) graph.setEdge(base, service);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const centre = (name: string) => graph.node(name) as Point;
  return {
    ...{ width: Math.ceil(width), height: Math.ceil(height), nodeWidth },
    nodes: names.map((name) => {
      const { x, y } = centre(name);
      return { name, x: x - nodeWidth / 2, y: y - NODE_HEIGHT / 2 };
    }),
    edges: graph.edges().map(({ v: base, w: service }: { v: string; w: string }) => {
      const { points } = graph.edge(base, service) as { points: readonly Point[] };
      const [from, to] = [centre(base), centre(service)];
      const ends = [
        { x: from.x + nodeWidth / 2, y: from.y },
        { x: to.x - nodeWidth / 2, y: to.y },
      ] as const;
      return { base, service, path: ends[0].x < ends[1].x ? along(ends, points) : curve(points) };
    }),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const said = ({ x, y }: Point): string => `${Math.round(x)} ${Math.round(y)}`;
const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** A line from the right side of one service to the left side of another, level at each point on its way around others. */
function along([from, to]: readonly [Point, Point], points: readonly Point[]): string {
  const inner = points.slice(1, -1);
  // Neighbours have one point between them, which says nothing.
  const way = [from, ...(inner.length > 1 ? inner : []), to].filter(({ x }) => x >= from.x && x <= to.x);
  const parts = way.slice(1).map((point, index) => {
    const before = way[index] ?? from;
    const { x } = between(before, point);
    return `C${said({ x, y: before.y })} ${said({ x, y: point.y })} ${said(point)}`;
  });
  return `M${said(from)}${parts.join('')}`;
}

/** For a circle, where a line goes back: it bends at each point on its way, and passes the middle between two of them. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (first === undefined || last === undefined) return '';
  const bends = rest.map((point, index) => {
    const next = rest[index + 1];
    return `Q${said(point)} ${said(next === undefined ? last : between(point, next))}`;
  });
  return `M${said(first)}${bends.join('')}${bends.length === 0 ? `L${said(last)}` : ''}`;
}
