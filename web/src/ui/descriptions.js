/** What articles state about sources, and where they disagree: as given, with who says so. */
import { number, yearWord } from '../data/words.js';
import { el, out } from './dom.js';
import { nodeLink } from './marks.js';
import { list } from './panel.js';

/** @typedef {import('../data/source.js').Description} Description */

const ASPECTS = /** @type {[string, (each: Description) => string | null][]} */ ([
  ['Title', (each) => each.title],
  ['Year', (each) => (each.year === null ? null : yearWord(each.year))],
  ['Type', (each) => each.type],
  ['Institution', (each) => each.institution],
]);

/** @param {Description[]} descriptions */
export function disagreements(descriptions) {
  const found = ASPECTS.map(([name, value]) => {
    /** @type {Map<string, string[]>} */ const said = new Map();
    for (const each of descriptions) {
      const text = value(each);
      if (text !== null) said.set(text, [...(said.get(text) ?? []), each.article?.label ?? '']);
    }
    return { name, said: [...said].sort((a, b) => b[1].length - a[1].length) };
  }).filter(({ said }) => said.length > 1);
  if (!found.length) return null;
  return el('section', { class: 'kg-section kg-disagree' }, el('h3', {}, 'Descriptions disagree'),
    found.map(({ name, said }) => el('div', {}, el('h4', {}, name), el('ul', { class: 'kg-plain' }, said.map(([text, articles]) =>
      el('li', {}, el('strong', { dir: 'auto' }, text), el('span', { class: 'kg-note', dir: 'auto' }, ` — ${number(articles.length)}: ${[...new Set(articles)].slice(0, 4).join('; ')}${new Set(articles).size > 4 ? '; …' : ''}`)))))));
}

/** @param {import('../data/source.js').Details} details @param {(id: string) => string} href */
export function descriptionsOf({ node, descriptions }, href) {
  const whose = node.kind === 'source' ? 'article' : 'source';
  const titles = { source: 'As articles describe it', article: 'Sources', fact: 'Sources' };
  return list(titles[/** @type {'source' | 'article' | 'fact'} */ (node.kind)], descriptions.map((each) => {
    const end = each[whose];
    const told = [
      whose === 'article' || (each.title && each.title !== end?.label) ? each.title : null,
      each.year === null ? null : yearWord(each.year), each.type, each.institution, each.authors.length ? each.authors.join(', ') : null,
    ].filter(Boolean).join(' · ');
    return el('div', {},
      end ? nodeLink(end, href) : el('span', { dir: 'auto' }, each.title ?? 'A source without a name'),
      el('div', { class: 'kg-note', dir: 'auto' }, told, each.list !== 'fact' && el('span', { class: 'kg-role' }, each.list)),
      each.url && el('div', { class: 'kg-note' }, out(each.url)),
      each.others.map(([name, value]) => el('div', { class: 'kg-note' }, `${name.replace(/^[a-z]+:/, '')}: `, el('span', { dir: 'auto' }, value))),
      each.note && el('div', { class: 'kg-note', dir: 'auto' }, each.note));
  }));
}
