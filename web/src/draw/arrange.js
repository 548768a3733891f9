/** Where the nodes of a picture lie: a sunflower on each island, below its name, a tree to both sides of a node, a zigzag along a path. */

const GOLDEN = Math.PI * (3 - Math.sqrt(5));
/** Pixels that a word beside a node may take. */
export const WORDS = 222;

/** Pixels that renderers keep free at each side of a stage. @param {number} width of it */
export const paddingOf = (width) => (isNarrow(width) ? 12 : 46);

/** Whether a stage is as narrow as a phone. @param {number} width of it */
export const isNarrow = (width) => width < 620;

/**
 * Places on an island, the first in the middle.
 *
 * @param {{x: number, y: number, radius: number}} island
 * @param {number} count
 * @returns {[number, number][]}
 */
export function sunflower(island, count) {
  if (count === 1) return [[island.x, island.y]];
  return Array.from({ length: count }, (_, n) => {
    const away = island.radius * 0.72 * Math.sqrt((n + 0.45) / count);
    return /** @type {[number, number]} */ ([island.x + away * Math.cos(n * GOLDEN + 0.5), island.y + island.radius * 0.1 + away * Math.sin(n * GOLDEN + 0.5)]);
  });
}

/**
 * A tree that grows to the right and to the left of its root; every leaf has a row of its own.
 *
 * @param {string} root
 * @param {Map<string, string[]>} children  of each node that has any
 * @param {{width: number, height: number}} stage
 * @returns {Map<string, {x: number, y: number, side: 'left' | 'right' | 'below', most: number}>}
 */
export function tree(root, children, stage) {
  /** @type {Map<string, number>} */ const leaves = new Map();
  const count = (/** @type {string} */ id) => {
    const below = (children.get(id) ?? []).reduce((sum, each) => sum + count(each), 0);
    leaves.set(id, Math.max(1, below));
    return /** @type {number} */ (leaves.get(id));
  };
  count(root);
  const first = children.get(root) ?? [];
  const total = first.reduce((sum, each) => sum + /** @type {number} */ (leaves.get(each)), 0);
  // The right side first, until it holds half; few nodes all go to the right.
  let seen = 0;
  const right = first.filter((each) => {
    const here = seen < (total <= 4 ? total : total / 2);
    seen += /** @type {number} */ (leaves.get(each));
    return here;
  });
  const left = first.filter((each) => !right.includes(each));
  const rowsOf = (/** @type {string[]} */ ids) => ids.reduce((sum, each) => sum + /** @type {number} */ (leaves.get(each)), 0);
  /** @type {(ids: string[]) => number} */
  const depthOf = (ids) => (ids.length ? 1 + Math.max(...ids.map((each) => depthOf(children.get(each) ?? []))) : 0);
  const ROW = Math.max(18, Math.min(54, (stage.height - 230) / Math.max(1, rowsOf(right), rowsOf(left))));
  // Each leaf has a row of its own, so that words may reach over the columns further out.
  const [columns, sides] = [depthOf(right) + depthOf(left), Number(right.length > 0) + Number(left.length > 0)];
  const column = Math.max(56, Math.min(230, (stage.width - 2 * paddingOf(stage.width) - sides * WORDS - (sides < 2 ? 60 : 0)) / Math.max(1, columns)));
  const widest = Math.max(13, Math.min(44, Math.floor((column * 1.6) / 7.6)));
  /** @type {Map<string, {x: number, y: number, side: 'left' | 'right' | 'below', most: number}>} */ const places = new Map();
  places.set(root, { x: 0, y: 0, side: 'below', most: widest });

  /** @type {(depth: number, bend: number) => number} */ const across = (depth, bend) => column * (depth - 0.35 * (depth === 1 ? 1 - bend : 0));
  const grow = (/** @type {string[]} */ ids, /** @type {number} */ sign, /** @type {number} */ depth, /** @type {number} */ top, /** @type {number} */ half) => {
    let y = top;
    for (const id of ids) {
      const rows = /** @type {number} */ (leaves.get(id));
      const middle = y + (rows * ROW) / 2;
      const below = children.get(id) ?? [];
      // The first column is bent around the root, which shortens the lines and shows where they lead.
      const bend = half > 0 ? Math.sqrt(Math.max(0, 1 - (middle / (half * 1.1)) ** 2)) : 1;
      places.set(id, {
        x: sign * across(depth, bend), y: middle, most: below.length ? widest : 34,
        side: below.length ? 'below' : sign > 0 ? 'right' : 'left',
      });
      grow(below, sign, depth + 1, y, 0);
      y += rows * ROW;
    }
  };
  for (const [ids, sign] of /** @type {[string[], number][]} */ ([[right, 1], [left, -1]])) {
    const height = rowsOf(ids) * ROW;
    grow(ids, sign, 1, -height / 2, height / 2);
  }
  return places;
}

/**
 * The same tree for a narrow stage: as an outline, each node in a row of its own, those below another further in.
 *
 * @param {string} root
 * @param {Map<string, string[]>} children
 * @param {{width: number, height: number}} stage
 * @returns {Map<string, {x: number, y: number, side: 'right', most: number}>}
 */
export function outline(root, children, stage) {
  /** @type {[string, number][]} */ const rows = [];
  const grow = (/** @type {string} */ id, /** @type {number} */ depth) => {
    rows.push([id, depth]);
    for (const each of children.get(id) ?? []) grow(each, depth + 1);
  };
  grow(root, 0);
  const [row, step] = [Math.max(20, Math.min(38, (stage.height - 130) / rows.length)), 30];
  return new Map(rows.map(([id, depth], n) => [id, {
    x: depth * step, y: n * row, side: /** @type {const} */ ('right'), most: Math.max(12, Math.floor((stage.width - 70 - depth * step) / (children.has(id) ? 8.4 : 6.9))),
  }]));
}

/**
 * Places along a path: across a wide picture, down a narrow one.
 *
 * @param {number} count
 * @param {boolean} wide
 * @param {number} height  of the stage
 * @returns {{x: number, y: number, side: 'right' | 'below' | 'above'}[]}
 */
export function zigzag(count, wide, height) {
  const step = Math.max(40, Math.min(110, (height - 150) / Math.max(1, count - 1)));
  return Array.from({ length: count }, (_, n) => (wide
    ? { x: n * 190, y: n % 2 ? 70 : -70, side: n % 2 ? 'below' : 'above' }
    : { x: n % 2 ? 24 : 0, y: n * step, side: 'right' }));
}
