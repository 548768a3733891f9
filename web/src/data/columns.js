/**
 * A source made of columns of numbers and texts, looked up in memory: all that is drawn, searched and filtered.
 *
 * The columns are written by `kbgraph.page.data`: `nodes` and `links` by number, `islands` as rows. What is told of a
 * node comes from elsewhere: with the columns (`embedded.js`) or from a server (`live.js`).
 *
 * @typedef {object} Told  what is told of a node; whom it names goes by id
 * @property {Record<string, any>} about
 * @property {any[][]} descriptions  rows: article, source, list, title, year, type, institution, URL, authors, note, others
 */
import { plain } from './words.js';
import { shortestPath } from './path.js';
import { isActive } from './source.js';

/** @typedef {import('./source.js').Node} Node @typedef {import('./source.js').Filter} Filter */

const VERSION = 1;
/** How many articles and sources the overview shows. */
const [ARTICLES, SOURCES] = [36, 20];
const BRIDGES = 14;
/** What connects nearly everything, and therefore explains little: a path avoids them if it can. */
const HUBS = new Set(['category', 'software']);
const RANKS = ['article', 'category', 'source', 'person', 'organisation', 'fact', 'software', 'entity'];

/**
 * @param {any} data
 * @param {(id: string) => Promise<Told>} told  asked for nodes that are there
 * @returns {import('./source.js').Source}
 */
export function sourceOf(data, told) {
  if (data.version !== VERSION) throw new Error(`this page cannot read data of version ${data.version}`);
  const { nodes: columns, links, kinds, levels, relations } = data;
  const size = columns.iri.length;
  const numbers = new Map(columns.iri.map((/** @type {string} */ iri, /** @type {number} */ n) => [iri, n]));

  // Relations of each node: pairs of a link's number and whether it is taken backwards.
  /** @type {number[][]} */ const out = Array.from({ length: size }, () => []);
  /** @type {number[][]} */ const into = Array.from({ length: size }, () => []);
  links.source.forEach((/** @type {number} */ s, /** @type {number} */ n) => {
    out[s].push(n);
    into[links.target[n]].push(n);
  });
  const near = Array.from({ length: size }, (_, n) =>
    [...new Set([...out[n].map((l) => links.target[l]), ...into[n].map((l) => links.source[l])])].sort((a, b) => a - b));

  /** @type {string[] | null} */ let texts = null;
  const plainTexts = () => (texts ??= columns.label.map(plain));

  /** @type {(Node | undefined)[]} */ const made = [];
  /** @param {number} n @returns {Node} */
  const node = (n) => (made[n] ??= {
    id: columns.iri[n],
    kind: kinds[columns.kind[n]],
    label: columns.label[n],
    categories: columns.categories[n].map((/** @type {number} */ c) => columns.iri[c]),
    categoryLabels: columns.categories[n].map((/** @type {number} */ c) => columns.label[c]),
    confidence: levels[columns.confidence[n]] ?? null,
    year: columns.year[n],
    degree: near[n].length,
    x: columns.x[n],
    y: columns.y[n],
  });
  const kindOf = (/** @type {number} */ n) => kinds[columns.kind[n]];
  const byDegree = (/** @type {number} */ a, /** @type {number} */ b) => near[b].length - near[a].length || a - b;
  const all = Array.from({ length: size }, (_, n) => n);

  /** @param {Filter} filter @param {string} [without] a facet that is not to be looked at */
  const passing = (filter, without = '') => {
    const wantedKinds = without !== 'kinds' && filter.kinds.length ? new Set(filter.kinds) : null;
    const wantedLevels = without !== 'levels' && filter.levels.length ? new Set(filter.levels) : null;
    const wantedCategories = without !== 'categories' && filter.categories.length
      ? new Set(filter.categories.map((id) => numbers.get(id))) : null;
    const words = plain(filter.text).split(/\s+/).filter(Boolean);
    const years = without !== 'years';
    const { from, to } = filter;
    return (/** @type {number} */ n) => {
      if (wantedKinds && !wantedKinds.has(kindOf(n))) return false;
      if (wantedLevels && !wantedLevels.has(levels[columns.confidence[n]])) return false;
      if (wantedCategories && !columns.categories[n].some((/** @type {number} */ c) => wantedCategories.has(c))) return false;
      const year = columns.year[n];
      if (years && from !== null && (year === null || year < from)) return false;
      if (years && to !== null && (year === null || year > to)) return false;
      return words.every((word) => plainTexts()[n].includes(word));
    };
  };

  /** @param {number[]} chosen @param {number} total @returns {import('./source.js').Part} */
  const partOf = (chosen, total) => {
    const within = new Set(chosen);
    const seen = [];
    for (const n of chosen) for (const l of out[n]) if (within.has(links.target[l])) seen.push(l);
    return {
      nodes: chosen.map(node),
      links: seen.map((l) => ({
        source: columns.iri[links.source[l]], target: columns.iri[links.target[l]], relation: relations[links.relation[l]],
      })),
      total,
    };
  };

  const islands = data.islands.map((/** @type {any[]} */ [category, x, y, radius, articles]) => ({
    id: category === null ? null : columns.iri[category],
    label: category === null ? 'No category' : columns.label[category],
    x, y, radius, articles,
  }));

  /** How many links and shared sources join the articles of each two islands; the strongest first. */
  const bridges = () => {
    const home = new Map(data.islands.map((/** @type {any[]} */ row, /** @type {number} */ n) => [row[0], n]));
    /** @type {Map<string, number>} */ const found = new Map();
    const join = (/** @type {number} */ a, /** @type {number} */ b) => {
      const [one, two] = [home.get(columns.categories[a][0] ?? null), home.get(columns.categories[b][0] ?? null)];
      if (one === undefined || two === undefined || one === two) return;
      const key = one < two ? `${one} ${two}` : `${two} ${one}`;
      found.set(key, (found.get(key) ?? 0) + 1);
    };
    links.source.forEach((/** @type {number} */ s, /** @type {number} */ n) => {
      if (['links to', 'cites'].includes(relations[links.relation[n]])) join(s, links.target[n]);
    });
    return [...found].map(([key, count]) => ({ key, count, from: Number(key.split(' ')[0]), to: Number(key.split(' ')[1]) }))
      .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1)).slice(0, BRIDGES);
  };

  /** @param {string | null} id */
  const named = (id) => {
    const n = id === null ? undefined : numbers.get(id);
    return n === undefined ? null : node(n);
  };

  /** @param {any[]} row @returns {import('./source.js').Description} */
  const description = ([article, source, list, title, year, type, institution, url, authors, note, others]) =>
    ({ article: named(article), source: named(source), list, title, year, type, institution, url, authors, note, others });

  /** @param {number} n */
  const relationsOf = (n) => {
    /** @type {Map<string, {relation: string, inverse: boolean, order: number, nodes: Node[]}>} */ const groups = new Map();
    const put = (/** @type {number} */ l, /** @type {number} */ other, /** @type {boolean} */ inverse) => {
      const relation = relations[links.relation[l]];
      const key = `${relation} ${inverse}`;
      const group = groups.get(key) ?? { relation, inverse, order: links.relation[l] * 2 + Number(inverse), nodes: /** @type {Node[]} */ ([]) };
      group.nodes.push(node(other));
      groups.set(key, group);
    };
    for (const l of out[n]) put(l, links.target[l], false);
    for (const l of into[n]) put(l, links.source[l], true);
    return [...groups.values()].sort((a, b) => a.order - b.order);
  };

  return {
    async summary() {
      /** @type {Record<string, number>} */ const counts = Object.fromEntries(kinds.map((/** @type {string} */ kind) => [kind, 0]));
      for (const n of all) counts[kindOf(n)] += 1;
      return { title: data.title, base: data.base, home: '', focus: data.focus ?? '', kinds, counts, links: links.source.length };
    },

    async overview(filter) {
      const passes = passing(filter);
      const chosen = all.filter((n) => passes(n));
      const articles = chosen.filter((n) => kindOf(n) === 'article').sort(byDegree);
      const sources = chosen.filter((n) => kindOf(n) === 'source').sort(byDegree);
      // Each category has its say: its two best articles, then the best of all.
      /** @type {Map<number, number>} */ const seen = new Map();
      const first = articles.filter((n) => {
        const home = columns.categories[n][0] ?? -1;
        seen.set(home, (seen.get(home) ?? 0) + 1);
        return /** @type {number} */ (seen.get(home)) <= 2;
      });
      const shown = [...new Set([...first.slice(0, ARTICLES), ...articles])].slice(0, ARTICLES);
      const part = partOf([...shown, ...sources.slice(0, SOURCES)], chosen.length);
      return { islands, part, articles: articles.slice(0, 10).map(node), sources: sources.slice(0, 10).map(node), bridges: bridges() };
    },

    async everything(filter) {
      const chosen = isActive(filter) ? all.filter(passing(filter)) : all;
      return { islands, part: partOf(chosen, chosen.length) };
    },

    async node(id) {
      const n = numbers.get(id);
      if (n === undefined) return null;
      const { about, descriptions } = await told(id);
      return {
        node: node(n),
        iri: /^https?:/.test(id) ? id : data.base + id,
        about: { ...about, disputes: about.disputes?.map((/** @type {any} */ d) => ({ ...d, sources: (d.sources ?? []).map(named).filter(Boolean) })) },
        relations: relationsOf(n),
        descriptions: descriptions.map(description),
      };
    },

    async neighbours(id, filter, limit) {
      const n = numbers.get(id);
      if (n === undefined) return { nodes: [], links: [], total: 0 };
      const passes = passing(filter);
      const found = near[n].filter(passes);
      // Some of each kind, the most connected first, rather than all of one.
      const order = new Map(RANKS.map((kind, rank) => [kind, rank]));
      /** @type {Map<string, number>} */ const seen = new Map();
      const turn = new Map([...found].sort(byDegree).map((other) => {
        const count = seen.get(kindOf(other)) ?? 0;
        seen.set(kindOf(other), count + 1);
        return [other, count];
      }));
      const few = found.length <= limit ? found : [...found]
        .sort((a, b) => /** @type {number} */ (turn.get(a)) - /** @type {number} */ (turn.get(b)) || byDegree(a, b)).slice(0, limit);
      few.sort((a, b) => (order.get(kindOf(a)) ?? 9) - (order.get(kindOf(b)) ?? 9) || a - b);
      return partOf([n, ...few], found.length);
    },

    async search(text, limit) {
      const words = plain(text).split(/\s+/).filter(Boolean);
      if (!words.length) return [];
      const whole = words.join(' ');
      /** @type {[number, number][]} */ const found = [];
      const labels = plainTexts();
      for (const n of all) {
        const label = labels[n];
        if (words.every((word) => label.includes(word))) {
          const at = label.indexOf(whole);
          const place = label === whole ? 0 : at === 0 ? 1 : at > 0 && /[\s(«"'-]/.test(label[at - 1]) ? 2 : at > 0 ? 3 : 4;
          found.push([n, place]);
        } else if (words.length === 1 && plain(columns.iri[n]).includes(whole)) {
          found.push([n, 5]);
        }
      }
      const rank = (/** @type {number} */ n) => RANKS.indexOf(kindOf(n));
      return found.sort(([a, p], [b, q]) => p - q || rank(a) - rank(b) || byDegree(a, b)).slice(0, limit).map(([n]) => node(n));
    },

    async path(from, to) {
      const [a, b] = [numbers.get(from), numbers.get(to)];
      if (a === undefined || b === undefined) return null;
      const way = shortestPath(a, b, near, (n) => !HUBS.has(kindOf(n))) ?? shortestPath(a, b, near, () => true);
      if (!way) return null;
      return way.map((n, step) => {
        if (step === 0) return { node: node(n), relation: '', inverse: false };
        const before = way[step - 1];
        const forwards = out[before].find((l) => links.target[l] === n);
        const l = forwards ?? /** @type {number} */ (into[before].find((one) => links.source[one] === n));
        return { node: node(n), relation: relations[links.relation[l]], inverse: forwards === undefined };
      });
    },

    async facets(filter) {
      const count = (/** @type {string} */ facet, /** @type {(n: number) => any[]} */ values) => {
        /** @type {Map<any, number>} */ const found = new Map();
        const passes = passing(filter, facet);
        for (const n of all) if (passes(n)) for (const value of values(n)) found.set(value, (found.get(value) ?? 0) + 1);
        return found;
      };
      const kindCounts = count('kinds', (n) => [kindOf(n)]);
      const levelCounts = count('levels', (n) => (columns.confidence[n] < 0 ? [] : [levels[columns.confidence[n]]]));
      const categoryCounts = count('categories', (n) => columns.categories[n]);
      const years = columns.year.filter((/** @type {number | null} */ year) => year !== null);
      return {
        kinds: kinds.filter((/** @type {string} */ kind) => columns.kind.includes(kinds.indexOf(kind)))
          .map((/** @type {string} */ kind) => [kind, kindCounts.get(kind) ?? 0]),
        levels: levels.filter((/** @type {string} */ _, /** @type {number} */ l) => columns.confidence.includes(l))
          .map((/** @type {string} */ level) => [level, levelCounts.get(level) ?? 0]),
        categories: all.filter((n) => kindOf(n) === 'category')
          .map((n) => /** @type {[string, string, number]} */ ([columns.iri[n], columns.label[n], categoryCounts.get(n) ?? 0])),
        years: years.length
          ? { from: years.reduce((/** @type {number} */ a, /** @type {number} */ b) => Math.min(a, b)), to: years.reduce((/** @type {number} */ a, /** @type {number} */ b) => Math.max(a, b)) }
          : null,
        total: all.filter(passing(filter)).length,
      };
    },

    async rows(filter, sort, descending, offset, limit) {
      const chosen = all.filter(passing(filter));
      const sign = descending ? -1 : 1;
      const last = descending ? -Infinity : Infinity;
      const rank = new Map(levels.map((/** @type {string} */ _, /** @type {number} */ l) => [l, l]));
      /** @type {Record<string, (n: number) => string | number>} */ const keys = {
        label: (n) => plainTexts()[n],
        kind: (n) => columns.kind[n],
        category: (n) => (columns.categories[n].length ? plainTexts()[columns.categories[n][0]] : '\uffff'),
        confidence: (n) => (columns.confidence[n] < 0 ? last : /** @type {number} */ (rank.get(columns.confidence[n]))),
        year: (n) => columns.year[n] ?? last,
        degree: (n) => near[n].length,
      };
      const key = keys[sort] ?? keys.degree;
      const sorted = chosen.map((n) => /** @type {[string | number, number]} */ ([key(n), n]))
        .sort(([a, n], [b, m]) => (a < b ? -sign : a > b ? sign : n - m));
      return { rows: sorted.slice(offset, offset + limit).map(([, n]) => node(n)), total: sorted.length };
    },
  };
}
