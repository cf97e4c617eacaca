import { Graph, layout } from '@dagrejs/dagre';
import type { Relations } from './relations.js';

export interface PlacedNode {
  readonly name: string;
  /** Left upper corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
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
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export const NODE_HEIGHT = 44;
const MIN_WIDTH = 160;
const MAX_WIDTH = 260;
const PADDING = 24;
/** Of a letter of 14 pixels in semi-bold. */
const LETTER = 7.8;
const MARGIN = 8;

/** Letters of a name that fit into the widest node. */
export const MAX_NAME = Math.floor((MAX_WIDTH - PADDING) / LETTER);

/** Places services from left to right, bases first. */
export function pictureOf(names: readonly string[], { bases }: Relations): Picture {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 10, ranksep: 56, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  const within = new Set(names);
  for (const name of names) {
    const width = Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, name.length * LETTER + PADDING)));
    graph.setNode(name, { width, height: NODE_HEIGHT });
  }
  for (const service of names)
    for (const base of bases.get(service) ?? []) if (within.has(base)) graph.setEdge(base, service);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    ...{ width: Math.ceil(width), height: Math.ceil(height) },
    nodes: graph.nodes().map((name) => {
      const node = graph.node(name) as { x: number; y: number; width: number };
      return { name, width: node.width, x: node.x - node.width / 2, y: node.y - NODE_HEIGHT / 2 };
    }),
    edges: graph.edges().map(({ v, w }) => {
      const { points } = graph.edge(v, w) as { points: readonly Point[] };
      return { base: v, service: w, path: curve(points) };
    }),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const said = ({ x, y }: Point): string => `${Math.round(x)} ${Math.round(y)}`;
const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** A smooth line: it bends at each point on its way, and passes the middle between two of them. */
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
