/** Terms for readers: IRIs by their prefixes or without the base, and where they lead. */
import { el, out } from '../ui/dom.js';
import { shortened } from '../data/words.js';

/**
 * @typedef {{type: string, value: string, datatype?: string, 'xml:lang'?: string}} Term  as in SPARQL's JSON
 *
 * @typedef {object} Terms
 * @property {(iri: string) => string} short
 * @property {(iri: string) => string} last     its last part, for pictures
 * @property {(iri: string) => string} href     the page of it here, or itself; "" where it leads nowhere
 * @property {(iri: string) => string} kind     what the explorer calls such things
 * @property {(term: Term | undefined) => HTMLElement | string} shown
 */

const KINDS = /** @type {[string, string][]} */ ([
  ['article/', 'article'], ['source/', 'source'], ['category/', 'category'], ['agent/person/', 'person'], ['agent/model/', 'software'], ['org/', 'organisation'],
]);
/** Characters of a literal that a cell shows. */
const MOST = 400;

/** @param {string} text */
const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** @param {{base: string, prefixes: Record<string, string>}} vocabulary @param {string} root  where the base lies on this server @returns {Terms} */
export function termsOf({ base, prefixes }, root) {
  const spaces = Object.entries(prefixes).sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  const below = (/** @type {string} */ iri) => (base && iri.startsWith(base) ? iri.slice(base.length) : null);
  const short = (/** @type {string} */ iri) => {
    const [prefix, space] = spaces.find(([, each]) => iri.startsWith(each) && /^[\w.-]*$/.test(iri.slice(each.length))) ?? [];
    if (space !== undefined) return `${prefix}:${iri.slice(space.length)}`;
    return decoded(below(iri) ?? iri.replace(/^https?:\/\//, ''));
  };
  const href = (/** @type {string} */ iri) => {
    const path = below(iri);
    if (path) return root + path;
    return /^https?:\/\//i.test(iri) ? iri : '';
  };
  return {
    short,
    href,
    last: (iri) => decoded(iri.replace(/[/#]$/, '').replace(/^.*[/#](?=.)/, '')),
    kind: (iri) => {
      const path = below(iri) ?? '';
      if (/^article\/.*#fact-/.test(path)) return 'fact';
      return KINDS.find(([start]) => path.startsWith(start))?.[1] ?? 'entity';
    },
    shown(term) {
      if (!term) return '';
      if (term.type === 'bnode') return `_:${term.value}`;
      if (term.type !== 'uri') {
        const note = term['xml:lang'] ? `@${term['xml:lang']}` : '';
        const text = el('span', { dir: 'auto', title: term.value.length > MOST ? shortened(term.value, 4000) : null }, shortened(term.value, MOST));
        return note ? el('span', {}, text, el('span', { class: 'quiet' }, note)) : text;
      }
      const name = shortened(short(term.value), 90);
      if (below(term.value)) return el('a', { href: href(term.value), title: term.value, dir: 'auto' }, name);
      const link = out(term.value, name);
      link.title = term.value;
      return link;
    },
  };
}

/** @param {Term | undefined} term @returns {number} NaN for what is no number */
export const numberOf = (term) => (term && term.type !== 'uri' && term.type !== 'bnode' && term.value.trim() !== '' ? Number(term.value) : NaN);
