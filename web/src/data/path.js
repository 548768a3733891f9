/** The shortest path between two nodes, by breadth from both ends' relations taken either way. */

/**
 * @param {number} from
 * @param {number} to
 * @param {number[][]} near        neighbours of each node, sorted
 * @param {(node: number) => boolean} passable  whether a path may lead through a node
 * @returns {number[] | null} the nodes on the way, both ends included
 */
export function shortestPath(from, to, near, passable) {
  if (from === to) return [from];
  const before = new Map([[from, -1]]);
  let edge = [from];
  while (edge.length) {
    const next = [];
    for (const node of edge) {
      for (const other of near[node]) {
        if (before.has(other)) continue;
        before.set(other, node);
        if (other === to) return back(to, before);
        if (passable(other)) next.push(other);
      }
    }
    edge = next;
  }
  return null;
}

/** @param {number} to @param {Map<number, number>} before */
function back(to, before) {
  const way = [];
  for (let node = to; node !== -1; node = /** @type {number} */ (before.get(node))) way.push(node);
  return way.reverse();
}
