/** The panel: all that is known of a node, or, where none is picked, where one may begin. */
import { counted, heading, kindWord, number, yearWord } from '../data/words.js';
import { el, out } from './dom.js';
import { confidenceSign, kindMark, nodeLink } from './marks.js';
import { descriptionsOf, disagreements } from './descriptions.js';

/** How many members of a list are shown before one asks for all. */
const FEW = 8;

/** @typedef {import('../data/source.js').Details} Details @typedef {import('../data/source.js').Node} Node */

/**
 * @param {Details} details
 * @param {{href: (id: string) => string, actions: HTMLElement[]}} options
 * @returns {HTMLElement}
 */
export function panelOf(details, { href, actions }) {
  const { node, about } = details;
  const title = node.kind === 'fact'
    ? el('h2', { class: 'kg-title kg-statement', dir: 'auto', tabindex: -1 }, node.label)
    : el('h2', { class: 'kg-title', dir: 'auto', tabindex: -1 }, node.label);
  const signs = [
    node.confidence && confidenceSign(node.confidence),
    node.year !== null && ['source'].includes(node.kind) && el('span', { class: 'kg-level' }, yearWord(node.year)),
    ...(about.types ?? []).map((/** @type {string} */ type) => el('span', { class: 'kg-level' }, type.replace(/^schema:/, ''))),
  ];
  return el('div', { class: 'kg-details' },
    el('p', { class: 'kg-kind' }, kindMark(node.kind), kindWord(node.kind)),
    title,
    signs.some(Boolean) && el('p', { class: 'kg-signs' }, signs),
    el('div', { class: 'kg-actions' }, actions),
    about.missing && el('p', { class: 'kg-abstract' }, about.missing),
    about.abstract && el('p', { class: 'kg-abstract', dir: 'auto' }, about.abstract),
    about.summary && about.summary !== about.abstract && el('p', { class: 'kg-abstract', dir: 'auto' }, about.summary),
    about.definition && el('p', { class: 'kg-abstract', dir: 'auto' }, about.definition),
    rows(details),
    node.kind === 'source' && disagreements(details.descriptions),
    disputes(about.disputes, href),
    list('Known gaps', (about.gaps ?? []).map((/** @type {string} */ gap) => el('span', { dir: 'auto' }, gap))),
    about.empty?.includes('disputed_statements') && el('p', { class: 'kg-note' }, 'The article says that nothing in it is disputed.'),
    about.empty?.includes('known_gaps') && el('p', { class: 'kg-note' }, 'The article says that it has no known gaps.'),
    relations(details, href),
    ['source', 'article', 'fact'].includes(node.kind) && descriptionsOf(details, href),
    list('Links to the web', (node.kind === 'article' ? about.web ?? [] : []).map((/** @type {string} */ url) => out(url))),
    list('Other fields', [...(about.extra ?? []), ...(about.other ?? [])].map(([name, value]) =>
      el('span', {}, el('span', { class: 'kg-key' }, `${name}: `), el('span', { dir: 'auto' }, value ?? '')))),
    el('p', { class: 'kg-iri' }, details.iri));
}

/** @param {Details} details */
function rows({ node, about }) {
  /** @type {[string, any][]} */ const known = [
    ['File', about.file && el('code', {}, about.file)],
    ['Identifier', about.identifier],
    ['Also called', about.alternate],
    ['Created', about.created],
    ['Modified', about.modified],
    ['Checked', about.reviewed],
    ['By', (about.roles ?? []).map((/** @type {[string, string]} */ [name, role]) => `${name} (${role.toLowerCase()})`).join(', ')],
    ['Language', about.language],
    ['Written', (about.generation ?? []).join(', ')],
    ['Conflict of interest', (about.conflict ?? []).join(', ')],
    ['Completeness', about.completeness && `${Math.round(Number(about.completeness) * 100)} %`],
    ['Data period', about.period],
    ['Why this confidence', about.rationale],
    ['In the source', about.page],
    ['Note', about.note],
    ['Published', about.published && yearWord(node.year) !== about.published ? about.published : null],
    ['Identifiers', (about.identifiers ?? []).join(', ')],
    ['Also titled', (about.alternates ?? []).length ? el('ul', { class: 'kg-plain' }, about.alternates.map((/** @type {string} */ each) => el('li', { dir: 'auto' }, each))) : null],
    ['Keywords', (about.keywords ?? []).join(', ')],
    ['On the web', node.kind !== 'article' && (about.web ?? []).length
      ? el('ul', { class: 'kg-plain' }, about.web.map((/** @type {string} */ url) => el('li', {}, out(url)))) : null],
  ];
  const shown = known.filter(([, value]) => value);
  return shown.length > 0 && el('dl', { class: 'kg-rows' }, shown.flatMap(([name, value]) => [el('dt', {}, name), el('dd', { dir: 'auto' }, value)]));
}

/** @param {any[] | undefined} disputed @param {(id: string) => string} href */
const disputes = (disputed, href) =>
  list('Disputed', (disputed ?? []).map((each) => el('div', { dir: 'auto' }, each.text,
    each.sources.length > 0 && el('ul', { class: 'kg-plain' }, each.sources.map((/** @type {Node} */ source) => el('li', {}, nodeLink(source, href)))))));

/** @param {Details} details @param {(id: string) => string} href */
function relations({ node, relations: groups }, href) {
  const of = (/** @type {string} */ relation) => groups.find((each) => each.relation === relation && !each.inverse);
  return groups.map((group) => {
    // What an article cites is told with its descriptions, below.
    if (node.kind === 'article' && group.relation === 'cites' && !group.inverse) return null;
    if (node.kind === 'fact' && group.relation === 'rests on') return null;
    if (node.kind === 'article' && group === of('states')) {
      return list(heading('states', false), group.nodes.map((fact) =>
        el('div', { class: 'kg-fact' }, nodeLink(fact, href, 400), fact.confidence && el('div', {}, confidenceSign(fact.confidence)))));
    }
    return list(heading(group.relation, group.inverse), [...group.nodes].sort((a, b) => b.degree - a.degree).map((other) => nodeLink(other, href)));
  });
}

/** @param {string} title @param {(HTMLElement | string)[]} items */
export function list(title, items) {
  if (!items.length) return null;
  const entries = items.map((item) => el('li', {}, item));
  const all = el('ul', { class: 'kg-list' }, entries.slice(0, FEW));
  const more = items.length > FEW && el('button', {
    type: 'button', class: 'kg-more',
    onclick: (/** @type {any} */ event) => {
      all.append(...entries.slice(FEW));
      event.target.remove();
      entries[FEW].querySelector('a')?.focus();
    },
  }, `Show all ${number(items.length)}`);
  return el('section', { class: 'kg-section' }, el('h3', {}, title, ' ', el('span', { class: 'kg-count' }, number(items.length))), all, more);
}

/**
 * Where one may begin.
 *
 * @param {import('../data/source.js').Summary} summary
 * @param {{articles: Node[], sources: Node[], islands: import('../data/source.js').Island[]}} overview
 * @param {{href: (id: string) => string, category: (id: string) => string}} options
 */
export function welcome(summary, overview, { href, category }) {
  const counts = ['article', 'fact', 'source', 'person', 'organisation'].filter((kind) => summary.counts[kind]);
  const rated = (/** @type {Node} */ node) => el('div', { class: 'kg-rated' }, nodeLink(node, href, 120), el('span', { class: 'kg-count' }, number(node.degree)));
  const named = overview.islands.filter((island) => island.id !== null).sort((a, b) => b.articles - a.articles);
  return el('div', { class: 'kg-details' },
    el('h2', { class: 'kg-title', tabindex: -1 }, 'Overview'),
    el('ul', { class: 'kg-figures' }, counts.map((kind) => el('li', {}, el('strong', {}, number(summary.counts[kind])), ' ', kindWord(kind, summary.counts[kind]).toLowerCase()))),
    el('p', { class: 'kg-abstract' }, 'Search for anything, choose a category, or follow a node: its neighbourhood opens, and everything known of it is told here.'),
    list('Categories', named.map((island) => el('div', { class: 'kg-rated' },
      el('a', { href: category(/** @type {string} */ (island.id)), class: 'kg-node' }, kindMark('category'), el('span', { dir: 'auto' }, island.label)),
      el('span', { class: 'kg-count' }, counted(island.articles, 'article'))))),
    list('Most connected articles', overview.articles.map(rated)),
    list('Most cited sources', overview.sources.map(rated)));
}
