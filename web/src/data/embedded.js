/**
 * The source of data that lies in the page itself: the columns, and with them what is told of each node.
 *
 * `details` is one object for each node, `references` are rows (see `kbgraph.page.details`); both name others by number.
 */
import { sourceOf } from './columns.js';

/** @param {any} data @returns {import('./source.js').Source} */
export function embedded(data) {
  const ids = data.nodes.iri;
  const numbers = new Map(ids.map((/** @type {string} */ id, /** @type {number} */ n) => [id, n]));
  const idOf = (/** @type {number | null} */ n) => (n === null ? null : ids[n]);
  /** @type {Map<number, number[]>} */ const rows = new Map();
  data.references.forEach((/** @type {any[]} */ row, /** @type {number} */ number) => {
    for (const end of [row[0], row[1]]) if (end !== null) rows.set(end, [...(rows.get(end) ?? []), number]);
  });
  return sourceOf(data, async (id) => {
    const n = /** @type {number} */ (numbers.get(id));
    const about = data.details[n];
    const told = data.kinds[data.nodes.kind[n]] === 'fact' ? about.references ?? [] : rows.get(n) ?? [];
    return {
      about: { ...about, disputes: about.disputes?.map((/** @type {any} */ each) => ({ ...each, sources: (each.sources ?? []).map(idOf) })) },
      descriptions: told.map((/** @type {number} */ number) => {
        const [article, source, ...more] = data.references[number];
        return [idOf(article), idOf(source), ...more];
      }),
    };
  });
}
