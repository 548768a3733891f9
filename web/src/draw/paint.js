/**
 * Paints a picture with a pen: on a canvas, into an SVG file, or those parts of it that WebGL leaves out.
 *
 * @typedef {object} SceneNode
 * @property {string} id
 * @property {string} kind
 * @property {string} label
 * @property {number} x
 * @property {number} y
 * @property {number} size        radius in pixels where the camera begins
 * @property {number} rank        the lower, the sooner it gets its label; Infinity: only when it is pointed at
 * @property {'left' | 'right' | 'below' | 'above'} side  of its label
 * @property {number} [most]       characters of its label
 * @property {boolean} [free]     whether its label may be at any side
 * @property {boolean} [strong]   written in bold
 * @property {number} [more]      neighbours that are not shown
 *
 * @typedef {{source: string, target: string, label?: string, strong?: boolean, weak?: boolean}} SceneLink
 * @typedef {{id: string | null, label: string, note: string, x: number, y: number, radius: number}} Region
 * @typedef {{from: Region, to: Region, width: number}} Bridge
 *
 * @typedef {object} Scene
 * @property {SceneNode[]} nodes
 * @property {SceneLink[]} links
 * @property {Region[]} regions
 * @property {Bridge[]} bridges
 * @property {{x: [number, number], y: [number, number]}} bounds
 * @property {number} dense       how many labels there may be
 *
 * @typedef {object} View         how the scene lies on the screen
 * @property {number} width
 * @property {number} height
 * @property {(x: number, y: number) => [number, number]} at
 * @property {(length: number) => number} long
 * @property {(size: number) => number} size
 *
 * @typedef {import('./theme.js').Colours} Colours
 */
import { SHAPES } from './shapes.js';
import { shortened } from '../data/words.js';

/** Above this many links, they are fainter, thinner, and left out while the picture moves. */
export const MANY = 3000;

/** Up to this many nodes, all of them are kept free of words. */
const FEW = 300;

/** @param {import('./pens.js').Pen} pen @param {Scene} scene @param {View} view @param {Colours} colours */
export function paintGround(pen, scene, view, colours) {
  for (const { from, to, width } of scene.bridges) {
    pen.line(...view.at(from.x, from.y), ...view.at(to.x, to.y), colours.bridge, Math.min(width, view.long(from.radius)));
  }
  for (const region of scene.regions) {
    pen.circle(...view.at(region.x, region.y), view.long(region.radius), colours.island, colours.islandLine, 1);
  }
}

/** @param {import('./pens.js').Pen} pen @param {Scene} scene @param {View} view @param {Colours} colours @param {boolean} [linked] */
export function paintGraph(pen, scene, view, colours, linked = true) {
  const places = new Map(scene.nodes.map((node) => [node.id, view.at(node.x, node.y)]));
  for (const link of linked ? scene.links : []) {
    const [a, b] = [places.get(link.source), places.get(link.target)];
    if (a && b && crosses(a, b, view)) pen.line(...a, ...b, colourOf(link, scene, colours), link.strong ? 2 : 1);
  }
  for (const node of scene.nodes) {
    const place = places.get(node.id);
    if (place && visible(place, view, 20)) paintNode(pen, node.kind, place, view.size(node.size), colours);
  }
}

/** @param {SceneLink} link @param {Scene} scene @param {Colours} colours */
export const colourOf = ({ strong, weak }, scene, colours) => (strong ? colours.strong : weak || scene.links.length > MANY ? colours.faint : colours.link);

/** @param {import('./pens.js').Pen} pen @param {string} kind @param {[number, number]} place @param {number} size @param {Colours} colours */
export function paintNode(pen, kind, [x, y], size, colours) {
  const fill = colours.kinds[/** @type {keyof Colours['kinds']} */ (kind)] ?? colours.soft;
  const shape = SHAPES[kind];
  const line = size > 4 ? 1.5 : 0;
  if (shape) pen.polygon(shape.map(([dx, dy]) => [x + dx * size, y + dy * size]), fill, line ? colours.background : '', line);
  else pen.circle(x, y, size, fill, line ? colours.background : '', line);
}

/**
 * What is written: names of regions, then of nodes as long as there is room, then along links.
 *
 * @param {import('./pens.js').Pen} pen @param {Scene} scene @param {View} view @param {Colours} colours
 * @param {{picked: string, pointed: string, few: boolean}} marks  `few`: names of nodes are left out, but for those that are marked
 */
export function paintWords(pen, scene, view, colours, marks) {
  const room = new Room();
  const byId = new Map(scene.nodes.map((node) => [node.id, node]));
  if (marks.pointed && byId.has(marks.pointed)) paintPointed(pen, scene, view, colours, marks.pointed, byId);
  for (const id of [marks.picked, marks.pointed]) {
    const node = byId.get(id);
    if (!node) continue;
    const size = view.size(node.size);
    pen.circle(...view.at(node.x, node.y), size * 1.15 + 4, '', colours.ring, id === marks.picked ? 2.5 : 1.5);
  }
  // No word lies on a node; where there are many, on none that has a word of its own.
  for (const region of [...scene.regions].sort((a, b) => b.radius - a.radius)) writeRegion(pen, region, view, colours, room);
  const named = marks.few ? [] : namedIn(scene);
  for (const node of scene.nodes.length > FEW ? named.slice(0, scene.dense) : scene.nodes) {
    const [x, y] = view.at(node.x, node.y);
    const size = view.size(node.size);
    room.fill(x - size, y - size, 2 * size, 2 * size);
  }
  const first = [marks.pointed, marks.picked].map((id) => byId.get(id)).filter((node) => node !== undefined);
  let left = scene.dense;
  for (const node of new Set(first)) write(pen, node, view, colours, room, true, node.id === marks.pointed);
  for (const node of named) {
    if (left <= 0) break;
    if (node.id === marks.pointed || node.id === marks.picked) continue;
    if (write(pen, node, view, colours, room, false, false)) left -= 1;
  }
  for (const link of scene.links) {
    const [a, b] = [byId.get(link.source), byId.get(link.target)];
    if (!link.label || !a || !b) continue;
    const [[x1, y1], [x2, y2]] = [view.at(a.x, a.y), view.at(b.x, b.y)];
    pen.text(link.label, (x1 + x2) / 2, (y1 + y2) / 2, { size: 12, colour: colours.soft, halo: colours.halo, align: 'center', bold: false, italic: true });
  }
}

/** @param {import('./pens.js').Pen} pen @param {Scene} scene @param {View} view @param {Colours} colours @param {string} id @param {Map<string, SceneNode>} byId */
function paintPointed(pen, scene, view, colours, id, byId) {
  /** @type {Set<string>} */ const ends = new Set();
  for (const link of scene.links) {
    if (link.source !== id && link.target !== id) continue;
    const [a, b] = [byId.get(link.source), byId.get(link.target)];
    if (!a || !b) continue;
    pen.line(...view.at(a.x, a.y), ...view.at(b.x, b.y), colours.strong, 1.5);
    ends.add(a.id).add(b.id);
  }
  for (const end of ends) {
    const node = /** @type {SceneNode} */ (byId.get(end));
    paintNode(pen, node.kind, view.at(node.x, node.y), view.size(node.size), colours);
  }
}

/**
 * @param {import('./pens.js').Pen} pen @param {SceneNode} node @param {View} view @param {Colours} colours @param {Room} room
 * @param {boolean} always @param {boolean} long
 */
function write(pen, node, view, colours, room, always, long) {
  const [x, y] = view.at(node.x, node.y);
  if (!visible([x, y], view, 40)) return false;
  const size = view.size(node.size);
  const height = node.strong ? 14 : 12.5;
  const text = shortened(node.label, long ? 90 : node.most ?? (node.strong ? 48 : 34)) + (node.more ? `  +${node.more}` : '');
  const width = pen.measure(text, height, Boolean(node.strong));
  const beside = size * 1.15 + 5;
  /** @type {Record<string, [number, number, 'left' | 'right' | 'center']>} */ const sides = {
    right: [x + beside, y, 'left'],
    left: [x - beside, y, 'right'],
    below: [x, y + beside + height * 0.6, 'center'],
    above: [x, y - beside - height * 0.6, 'center'],
  };
  const startOf = (/** @type {string} */ side) => {
    const [tx, , align] = sides[side];
    return align === 'left' ? tx : align === 'right' ? tx - width : tx - width / 2;
  };
  // Where there is no room at its own side, and near the edge, a word goes to another side.
  const order = node.free ? [node.side, 'left', 'below', 'above'] : [node.side];
  const fits = (/** @type {string} */ side) => startOf(side) > 2 && startOf(side) + width < view.width - 2;
  const taken = (/** @type {string} */ side) => room.take(startOf(side), sides[side][1] - height * 0.62, width, height * 1.24);
  const side = order.find((each) => (fits(each) || !node.free) && taken(each)) ?? (always || node.strong ? order.find(fits) ?? node.side : '');
  if (!side) return false;
  const [tx, ty, align] = sides[side];
  pen.text(text, tx, ty, { size: height, colour: colours.ink, halo: colours.halo, align, bold: Boolean(node.strong), italic: false });
  return true;
}

/** @param {import('./pens.js').Pen} pen @param {Region} region @param {View} view @param {Colours} colours @param {Room} room */
function writeRegion(pen, region, view, colours, room) {
  const [x, y] = view.at(region.x, region.y);
  const radius = view.long(region.radius);
  if (radius < 6 || !visible([x, y], view, radius)) return;
  const height = Math.max(view.width < 620 ? 11 : 12.5, Math.min(20, 9 + radius / 9));
  const text = shortened(region.label, 30);
  const named = pen.measure(text, height, true);
  // Where there is no room for the note, the name stands alone.
  for (const note of region.note && (view.width >= 620 || radius > 40) ? [region.note, ''] : ['']) {
    const notes = note ? 15 : 0;
    const width = Math.max(named, note ? pen.measure(note, 12, false) : 0);
    // In a large circle there is room below its upper edge; above a small one, also somewhat aside.
    const tops = radius > 74 ? [y - radius + height + 6] : [y - radius - 4 - notes, y + radius + height + 4, ...(note ? [] : [y])];
    const places = tops.flatMap((top) => (note ? [0] : [0, -radius / 2, radius / 2]).map((aside) => [x + aside, top]));
    const place = places.find(([at, top]) => room.take(at - width / 2 - 4, top - height, width + 8, height * 1.3 + notes));
    if (!place) continue;
    const [at, top] = place;
    const middle = Math.max(width / 2 + 4, Math.min(view.width - width / 2 - 4, at));
    pen.text(text, middle, top - height * 0.3, { size: height, colour: colours.ink, halo: colours.halo, align: 'center', bold: true, italic: false });
    if (note) pen.text(note, middle, top + height * 0.35 + 4, { size: 12, colour: colours.soft, halo: colours.halo, align: 'center', bold: false, italic: false });
    return;
  }
}

/** @type {WeakMap<Scene, SceneNode[]>} */ const ORDERS = new WeakMap();

/** Those that get a label as long as there is room, the first ones first; found once for each scene. @param {Scene} scene */
function namedIn(scene) {
  let found = ORDERS.get(scene);
  if (!found) {
    found = scene.nodes.filter((node) => node.rank < Infinity).sort((a, b) => a.rank - b.rank).slice(0, scene.dense * 4);
    ORDERS.set(scene, found);
  }
  return found;
}

/** @param {[number, number]} place @param {View} view @param {number} margin */
const visible = ([x, y], view, margin) => x > -margin && y > -margin && x < view.width + margin && y < view.height + margin;

/** @param {[number, number]} a @param {[number, number]} b @param {View} view */
const crosses = (a, b, view) =>
  Math.max(a[0], b[0]) > 0 && Math.min(a[0], b[0]) < view.width && Math.max(a[1], b[1]) > 0 && Math.min(a[1], b[1]) < view.height;

/** What has been written on so far, so that no word covers another. */
class Room {
  constructor() {
    /** @type {Map<string, [number, number, number, number][]>} */
    this.cells = new Map();
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height @returns {boolean} whether it was free */
  take(x, y, width, height) {
    for (const key of cellsOf(x, y, width, height)) {
      for (const [ox, oy, ow, oh] of this.cells.get(key) ?? []) {
        if (x < ox + ow && ox < x + width && y < oy + oh && oy < y + height) return false;
      }
    }
    this.fill(x, y, width, height);
    return true;
  }

  /** Nothing is written there. @param {number} x @param {number} y @param {number} width @param {number} height */
  fill(x, y, width, height) {
    for (const key of cellsOf(x, y, width, height)) {
      const there = this.cells.get(key);
      if (there) there.push([x, y, width, height]);
      else this.cells.set(key, [[x, y, width, height]]);
    }
  }
}

/** The names of the cells that a rectangle lies in. @param {number} x @param {number} y @param {number} width @param {number} height */
function cellsOf(x, y, width, height) {
  const names = [];
  for (let column = Math.floor(x / 120); column <= Math.floor((x + width) / 120); column += 1) {
    for (let row = Math.floor(y / 40); row <= Math.floor((y + height) / 40); row += 1) names.push(`${column} ${row}`);
  }
  return names;
}
