/**
 * Where the explorer gets what it shows: one small interface, so that data may lie in the page or behind a server.
 *
 * Every method answers with a promise. Entities go by their IRI, shortened by the base of the data.
 *
 * @typedef {object} Node
 * @property {string} id
 * @property {string} kind        one of `Summary.kinds`
 * @property {string} label
 * @property {string[]} categories  ids, the most frequent first
 * @property {string[]} categoryLabels
 * @property {string | null} confidence
 * @property {number | null} year
 * @property {number} degree      how many other nodes it is related to
 * @property {number} x           its place on the map
 * @property {number} y
 *
 * @typedef {{source: string, target: string, relation: string}} Link
 * @typedef {{nodes: Node[], links: Link[], total: number}} Part   `total` counts what there is, shown or not
 *
 * @typedef {object} Island       a category on the map
 * @property {string | null} id
 * @property {string} label
 * @property {number} x
 * @property {number} y
 * @property {number} radius
 * @property {number} articles
 *
 * @typedef {object} Summary
 * @property {string} title
 * @property {string} base
 * @property {string} home        where there are pages of all this; "" for nowhere
 * @property {string} focus       the node to begin with; "" for the overview
 * @property {string[]} kinds
 * @property {Record<string, number>} counts  nodes of each kind
 * @property {number} links
 *
 * @typedef {object} Filter       what is empty lets everything pass
 * @property {string[]} kinds
 * @property {string[]} categories
 * @property {string[]} levels    of confidence
 * @property {number | null} from  years
 * @property {number | null} to
 * @property {string} text
 *
 * @typedef {object} Facets       how many nodes each choice would leave
 * @property {[string, number][]} kinds
 * @property {[string, string, number][]} categories  id, label, count
 * @property {[string, number][]} levels
 * @property {{from: number, to: number} | null} years
 * @property {number} total
 *
 * @typedef {object} Description  what one article states about a source
 * @property {Node | null} article
 * @property {Node | null} source
 * @property {string} list        primary, secondary or fact
 * @property {string | null} title
 * @property {number | null} year
 * @property {string | null} type
 * @property {string | null} institution
 * @property {string | null} url
 * @property {string[]} authors
 * @property {string | null} note
 * @property {[string, string][]} others  what else it says: property and value
 *
 * @typedef {object} Details
 * @property {Node} node
 * @property {string} iri         in full
 * @property {Record<string, any>} about
 * @property {{relation: string, inverse: boolean, nodes: Node[]}[]} relations
 * @property {Description[]} descriptions  of a source: by all; of a fact: those that it cites; of an article: its own
 *
 * @typedef {{node: Node, relation: string, inverse: boolean}[]} Path  each step with the relation that leads to it
 *
 * @typedef {object} Source
 * @property {() => Promise<Summary>} summary
 * @property {(filter: Filter) => Promise<{islands: Island[], part: Part, articles: Node[], sources: Node[], bridges: {from: number, to: number, count: number}[]}>} overview
 * @property {(filter: Filter) => Promise<{islands: Island[], part: Part}>} everything
 * @property {(id: string) => Promise<Details | null>} node
 * @property {(id: string, filter: Filter, limit: number) => Promise<Part>} neighbours  the node itself comes first
 * @property {(text: string, limit: number) => Promise<Node[]>} search
 * @property {(from: string, to: string) => Promise<Path | null>} path
 * @property {(filter: Filter) => Promise<Facets>} facets
 * @property {(filter: Filter, sort: string, descending: boolean, offset: number, limit: number) => Promise<{rows: Node[], total: number}>} rows
 */

/** @returns {Filter} a filter that lets everything pass */
export const noFilter = () => ({ kinds: [], categories: [], levels: [], from: null, to: null, text: '' });

/** @param {Filter} filter @returns {boolean} whether it holds anything back */
export const isActive = (filter) =>
  Boolean(filter.kinds.length || filter.categories.length || filter.levels.length || filter.text.trim()) ||
  filter.from !== null || filter.to !== null;
