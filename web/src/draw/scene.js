/** What each state looks like: the scene of the overview, of the whole map, of a neighbourhood, of a path. */
import { counted, verb } from '../data/words.js';
import { isActive } from '../data/source.js';
import { isNarrow, outline, paddingOf, sunflower, tree, WORDS, zigzag } from './arrange.js';

/** @typedef {import('../data/source.js').Source} Source @typedef {import('../data/source.js').Node} Node */
/** @typedef {import('./paint.js').Scene} Scene @typedef {import('../state.js').State} State */
/** @typedef {{scene: Scene, caption: string, hidden: number}} Made  with how many nodes are left out */

/** How many neighbours are shown at once, and how many where there is little room. */
const [FEW, FEWER] = [36, 11];

/**
 * @param {Source} source @param {State} state @param {{width: number, height: number}} stage
 * @returns {Promise<Made>}
 */
export async function sceneOf(source, state, stage) {
  const made = await (state.view === 'node' ? neighbourhood(source, state, stage)
    : state.view === 'path' ? path(source, state, stage)
    : state.view === 'all' || isActive(state.filter) ? everything(source, state) : overview(source, state, stage));
  // On a small screen, smaller nodes.
  const factor = Math.max(0.5, Math.min(1, Math.min(stage.width, stage.height * 1.2) / 640));
  for (const node of made.scene.nodes) node.size *= factor;
  // Above lie the tabs, below the legend.
  const [top, bottom] = made.scene.bounds.y;
  const narrow = isNarrow(stage.width);
  const height = (bottom - top) / Math.max(120, stage.height - 2 * paddingOf(stage.width) - 60);
  made.scene.bounds.y = [top - (narrow ? 40 : 12) * height, bottom + (narrow ? 28 : 48) * height];
  if (narrow && made.scene.regions.length) made.scene.dense = Math.round(made.scene.dense / 6);
  return made;
}

/** @param {Source} source @param {State} state @param {{width: number, height: number}} stage */
async function overview(source, state, stage) {
  const { islands: given, part, bridges } = await source.overview(state.filter);
  // On a high stage the islands move apart, up and down, which makes room for their names.
  const { x, y } = boundsOf([], given);
  const stretch = Math.max(1, Math.min(1.8, ((stage.height - 130) / stage.width) * ((x[1] - x[0]) / (y[1] - y[0]))));
  const islands = given.map((island) => ({ ...island, y: island.y * stretch }));
  const regions = islands.map(regionOf);
  /** @type {Map<string | null, Node[]>} */ const homes = new Map();
  // Sources come in between articles, so that both are spread over the island.
  const turn = (/** @type {Node[]} */ nodes) => nodes.map((node, n) => ({ node, n }));
  const mixed = [...turn(part.nodes.filter((n) => n.kind === 'article')), ...turn(part.nodes.filter((n) => n.kind !== 'article'))]
    .sort((a, b) => a.n - b.n);
  for (const { node } of mixed) {
    const home = node.categories[0] ?? null;
    homes.set(home, [...(homes.get(home) ?? []), node]);
  }
  /** @type {Scene['nodes']} */ const nodes = [];
  const most = Math.max(1, ...part.nodes.map((node) => node.degree));
  islands.forEach((island) => {
    const members = homes.get(island.id) ?? [];
    sunflower(island, members.length).forEach(([x, y], n) => {
      const node = members[n];
      nodes.push({ ...brief(node), x, y, size: 4 + 7 * Math.sqrt(node.degree / most), rank: most - node.degree, side: 'right', free: true });
    });
  });
  return {
    scene: {
      nodes, regions, links: part.links,
      bridges: bridges.map(({ from, to, count }) => ({ from: regions[from], to: regions[to], width: Math.min(9, 0.8 + 1.1 * Math.sqrt(count)) })),
      bounds: boundsOf(nodes, withName(regions)), dense: 60,
    },
    caption: `${counted(part.nodes.length, 'node')} of ${part.total.toLocaleString('en')}: the most connected articles and the most cited sources of each category`,
    hidden: 0,
  };
}

/** @param {Source} source @param {State} state */
async function everything(source, state) {
  const { islands, part } = await source.everything(state.filter);
  const active = isActive(state.filter);
  const most = Math.max(1, ...part.nodes.map((node) => node.degree));
  const few = part.nodes.length <= 400;
  const nodes = part.nodes.map((node) => ({
    ...brief(node), x: node.x, y: node.y,
    size: (few ? 4 : 1.8) + (few ? 6 : 5) * Math.sqrt(node.degree / most),
    // An island has the name of its category already.
    rank: node.kind === 'category' || (node.kind === 'fact' && !few) ? Infinity : most - node.degree,
    side: /** @type {const} */ ('right'),
    free: true,
  }));
  /** @type {Set<string | null>} */
  const homes = new Set(part.nodes.map((node) => node.categories[0] ?? null));
  const wanted = new Set(state.filter.categories);
  const regions = islands.filter((island) => (wanted.size ? wanted.has(island.id ?? '') : !active || homes.has(island.id))).map(regionOf);
  if (wanted.size && regions.length) toTheRim(nodes, regions);
  return {
    scene: { nodes, regions, links: part.links, bridges: [], bounds: boundsOf(nodes, active && !wanted.size ? [] : withName(regions)), dense: few ? 70 : 45 },
    caption: active
      ? `${counted(part.nodes.length, 'node')} that match the filters`
      : `All ${counted(part.nodes.length, 'node')} and ${counted(part.links.length, 'relation')}`,
    hidden: 0,
  };
}

/**
 * Put what lies elsewhere, being shared with other islands, on a ring around those that are shown.
 *
 * @param {Scene['nodes']} places @param {{x: number, y: number, radius: number}[]} regions
 */
function toTheRim(places, regions) {
  const { x, y } = boundsOf([], regions);
  const [middleX, middleY] = [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
  const radius = Math.max(...regions.map((region) => Math.hypot(region.x - middleX, region.y - middleY) + region.radius)) * 1.14;
  const angle = (/** @type {{x: number, y: number}} */ place) => Math.atan2(place.y - middleY, place.x - middleX);
  const guests = places
    .filter((place) => regions.every((region) => Math.hypot(place.x - region.x, place.y - region.y) > region.radius)).sort((a, b) => angle(a) - angle(b));
  guests.forEach((place, n) => {
    const turn = (2 * Math.PI * n) / guests.length - Math.PI;
    [place.x, place.y] = [middleX + radius * Math.cos(turn), middleY + radius * Math.sin(turn)];
  });
}

/** @param {Source} source @param {State} state @param {{width: number, height: number}} stage */
async function neighbourhood(source, state, stage) {
  const opened = [state.node, ...state.open];
  const parts = await Promise.all(opened.map((id) => source.neighbours(id, state.filter, state.full ? Infinity : isNarrow(stage.width) ? FEWER : FEW)));
  const root = parts[0].nodes[0];
  if (!root) return missing();
  /** @type {Map<string, Node>} */ const found = new Map([[root.id, root]]);
  /** @type {Map<string, string[]>} */ const children = new Map();
  /** @type {Map<string, import('./paint.js').SceneLink>} */ const links = new Map();
  let hidden = 0;
  parts.forEach((part, n) => {
    if (!found.has(opened[n])) return;
    const fresh = part.nodes.filter((node) => !found.has(node.id));
    fresh.forEach((node) => found.set(node.id, node));
    children.set(opened[n], fresh.map((node) => node.id));
    // What its neighbours have to do with each other stays behind.
    part.links.forEach((link) => links.set(`${link.source} ${link.relation} ${link.target}`, { ...link, weak: ![link.source, link.target].some((id) => opened.includes(id)) }));
    hidden += part.total - (part.nodes.length - 1);
  });
  const narrow = isNarrow(stage.width);
  const places = (narrow ? outline : tree)(root.id, children, stage);
  const nodes = [...found.values()].map((node) => {
    const place = /** @type {{x: number, y: number, side: 'left' | 'right' | 'below', most: number}} */ (places.get(node.id));
    const open = opened.includes(node.id);
    return {
      ...brief(node), ...place, size: node.id === root.id ? 13 : open ? 10 : node.kind === 'fact' ? 6.5 : 7.5,
      rank: node.id === root.id ? -2 : open ? -1 : 1, strong: open,
    };
  });
  const bounds = narrow ? withRows(boundsOf(nodes, []), stage) : withWords(boundsOf(nodes, []), nodes, stage);
  return {
    scene: { nodes, links: [...links.values()], regions: [], bridges: [], bounds, dense: 400 },
    caption: `${counted(found.size - 1, 'node')} around ${opened.length > 1 ? `${opened.length} nodes` : 'it'}` + (hidden ? `; ${hidden.toLocaleString('en')} more are not shown` : ''),
    hidden,
  };
}

/** @param {Source} source @param {State} state @param {{width: number, height: number}} stage */
async function path(source, state, stage) {
  const wide = !isNarrow(stage.width);
  const way = await source.path(state.node, state.to);
  if (!way) return missing('There is no path between these two');
  const places = zigzag(way.length, wide, stage.height);
  const most = wide ? undefined : Math.floor((stage.width - 120) / 8.4);
  const nodes = way.map(({ node }, n) => ({ ...brief(node), ...places[n], most, size: 11, rank: n, strong: n === 0 || n === way.length - 1 }));
  const links = way.slice(1).map((step, n) => ({
    source: way[n].node.id, target: step.node.id, label: verb(step.relation, step.inverse), strong: true,
  }));
  const bounds = boundsOf(nodes, []);
  bounds.x = wide ? [bounds.x[0] - 110, bounds.x[1] + 110] : [-64, stage.width - 2 * paddingOf(stage.width) - 64];
  const above = wide ? 60 : 10;
  bounds.y = [bounds.y[0] - above, bounds.y[1] + above];
  return {
    scene: { nodes, links, regions: [], bridges: [], bounds, dense: 100 },
    caption: `The shortest path: ${counted(way.length - 1, 'step')}`,
    hidden: 0,
  };
}

/** @param {string} caption */
const missing = (caption = 'There is no such node in this graph') => ({
  scene: { nodes: [], links: [], regions: [], bridges: [], bounds: { x: /** @type {[number, number]} */ ([0, 1]), y: /** @type {[number, number]} */ ([0, 1]) }, dense: 0 },
  caption, hidden: 0,
});

/** @param {Node} node */
const brief = (node) => ({ id: node.id, kind: node.kind, label: node.label });

/** @param {import('../data/source.js').Island} island */
const regionOf = (island) => ({
  id: island.id, label: island.label, x: island.x, y: island.y, radius: island.radius, note: island.articles ? counted(island.articles, 'article') : '',
});

/**
 * Bounds with room for words at both sides: words do not shrink with the picture.
 *
 * @param {Scene['bounds']} bounds @param {{side: string}[]} nodes @param {{width: number, height: number}} stage
 * @returns {Scene['bounds']}
 */
function withWords({ x, y }, nodes, stage) {
  const [left, right] = ['left', 'right'].map((side) => (nodes.some((node) => node.side === side) ? WORDS : 60));
  const [width, height] = [stage.width - 2 * paddingOf(stage.width), stage.height - 2 * paddingOf(stage.width) - 80];
  const scale = Math.max(0.02, Math.min(1, (width - left - right) / (x[1] - x[0] || 1), height / (y[1] - y[0] || 1)));
  const bounds = { x: /** @type {[number, number]} */ ([x[0] - left / scale, x[1] + right / scale]), y: /** @type {[number, number]} */ ([y[0] - 40 / scale, y[1] + 40 / scale]) };
  // Few nodes are not blown up.
  const more = Math.max(0, width - (bounds.x[1] - bounds.x[0])) / 2;
  bounds.x = [bounds.x[0] - more, bounds.x[1] + more];
  return bounds;
}

/** Bounds of an outline, from the left edge on. @param {Scene['bounds']} bounds @param {{width: number}} stage @returns {Scene['bounds']} */
const withRows = ({ x, y }, stage) => ({ x: [x[0] - 16, Math.max(x[1] + 120, x[0] + stage.width - 2 * paddingOf(stage.width) - 16)], y });

/** Regions with room above them for their names, which are larger than the picture's padding. @param {{x: number, y: number, radius: number}[]} regions */
const withName = (regions) => [...regions, ...regions.map(({ x, y, radius }) => ({ x, y: y - radius * 0.12 - 1, radius }))];

/** @param {{x: number, y: number}[]} nodes @param {{x: number, y: number, radius: number}[]} regions */
function boundsOf(nodes, regions) {
  const circles = [...nodes.map(({ x, y }) => ({ x, y, radius: 0 })), ...regions];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y, radius } of circles) {
    left = Math.min(left, x - radius);
    right = Math.max(right, x + radius);
    top = Math.min(top, y - radius);
    bottom = Math.max(bottom, y + radius);
  }
  if (!circles.length) [left, right, top, bottom] = [0, 1, 0, 1];
  // A single node is not blown up to the whole screen.
  const more = Math.max(0, 20 - (right - left)) / 2;
  return { x: /** @type {[number, number]} */ ([left - more, right + more]), y: /** @type {[number, number]} */ ([top - more, bottom + more]) };
}
