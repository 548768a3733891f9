/** What the panel tells in each state: of a node, of a path, or where one may begin. */
import { counted, shortened, verb } from '../data/words.js';
import { start, toHash } from '../state.js';
import { combobox } from './combobox.js';
import { el } from './dom.js';
import { nodeLink } from './marks.js';
import { panelOf, welcome } from './panel.js';

/** @typedef {import('../state.js').State} State */

/**
 * @param {import('../data/source.js').Source} source
 * @param {import('../data/source.js').Summary} summary
 * @param {import('../navigation.js').Steps} steps
 */
export function telling(source, summary, steps) {
  const { href, within } = steps;

  const actionsOf = (/** @type {import('../data/source.js').Node} */ node, /** @type {State} */ now) => {
    const act = (/** @type {string} */ name, /** @type {() => void} */ does) => el('button', { type: 'button', class: 'kg-button', onclick: does }, name);
    const isRoot = now.view === 'node' && now.node === node.id;
    const opened = now.open.includes(node.id);
    const trace = act('Path to …', () => {
      const field = combobox(source, { label: 'Path to', placeholder: 'Path to …', choose: (other) => steps.trace(node.id, other.id) });
      trace.replaceWith(field.element);
      field.input.focus();
    });
    return [
      summary.home && !/^[a-z]+:/i.test(node.id) && el('a', { class: 'kg-button kg-page', href: summary.home + node.id }, 'Its page'),
      now.view === 'node' && !isRoot && !opened && act('Expand', () => steps.go({ open: [...now.open, node.id] })),
      now.view === 'node' && !isRoot && opened && act('Collapse', () => steps.go({ open: now.open.filter((each) => each !== node.id) })),
      !isRoot && act('Put in the middle', () => steps.go({ ...steps.around(node.id), table: false })),
      node.kind === 'category' && el('a', { class: 'kg-button', href: within(node.id) }, 'All in this category'),
      trace,
    ].filter((each) => each instanceof HTMLElement);
  };

  const ofNode = async (/** @type {State} */ now) => {
    const details = await source.node(now.picked);
    return details
      ? panelOf(details, { href, actions: actionsOf(details.node, now) })
      : el('div', { class: 'kg-details' }, el('h2', { class: 'kg-title' }, 'Not in this graph'), el('p', { class: 'kg-iri' }, now.picked), el('a', { href: toHash(start()) }, 'To the overview'));
  };

  const ofPath = async (/** @type {State} */ now) => {
    const way = await source.path(now.node, now.to);
    if (!way) {
      const [a, b] = await Promise.all([source.node(now.node), source.node(now.to)]);
      return el('div', { class: 'kg-details' }, el('h2', { class: 'kg-title', tabindex: -1 }, 'No path'),
        el('p', { class: 'kg-abstract' }, a && b ? 'Nothing in this graph joins these two.' : 'One of the two is not in this graph.'), [a, b].map((each) => each && el('p', {}, nodeLink(each.node, href))));
    }
    const said = way.slice(1).map((step, n) => `${n ? 'which ' : ''}${verb(step.relation, step.inverse)} “${shortened(step.node.label, 120)}”`).join(', ');
    return el('div', { class: 'kg-details' },
      el('p', { class: 'kg-kind' }, 'Path'),
      el('h2', { class: 'kg-title', tabindex: -1 }, `${counted(way.length - 1, 'step')} apart`),
      el('p', { class: 'kg-abstract kg-path-words', dir: 'auto' }, `“${shortened(way[0].node.label, 120)}” ${said}.`),
      el('ol', { class: 'kg-way' }, way.map((step, n) => el('li', {}, n > 0 && el('span', { class: 'kg-note' }, verb(step.relation, step.inverse)), nodeLink(step.node, href)))));
  };

  /** @param {State} now @returns {Promise<HTMLElement>} */
  return async (now) => {
    if (now.picked) return ofNode(now);
    if (now.view === 'path') return ofPath(now);
    return welcome(summary, await source.overview(now.filter), { href, category: within });
  };
}
