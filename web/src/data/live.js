/**
 * The source of data behind a server: what is drawn comes once, as columns; what is told of a node, when it is opened.
 *
 * @param {string} graph  address of the columns
 * @param {string} node   address of what is told of a node, which goes by `id`
 * @param {string} home   where the pages are
 * @param {(data: any, told: (id: string) => Promise<import('./columns.js').Told>) => import('./source.js').Source} sourceOf
 * @returns {Promise<import('./source.js').Source>}
 */
export async function live(graph, node, home, sourceOf) {
  /** @type {Map<string, Promise<import('./columns.js').Told>>} */ const told = new Map();
  const ask = async (/** @type {string} */ id) => {
    try {
      const answer = await fetch(`${node}?id=${encodeURIComponent(id)}`);
      if (answer.ok) return await answer.json();
      throw new Error(await answer.text());
    } catch (error) {
      told.delete(id); // another time it may be there
      return { about: { missing: `What is told of this cannot be had: ${/** @type {Error} */ (error).message}` }, descriptions: [] };
    }
  };
  const answer = await fetch(graph);
  if (!answer.ok) throw new Error(await answer.text());
  const source = sourceOf(await answer.json(), (id) => {
    const known = told.get(id) ?? ask(id);
    told.set(id, known);
    return known;
  });
  return { ...source, summary: async () => ({ ...await source.summary(), home }) };
}
