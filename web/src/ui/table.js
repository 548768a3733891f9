/** The same data as a table: sortable, page by page, for keyboards, screen readers and those who like lists. */
import { counted, kindWord, number, yearWord } from '../data/words.js';
import { el } from './dom.js';
import { nodeLink } from './marks.js';

export const ROWS = 50;

const COLUMNS = [['label', 'Name'], ['kind', 'Type'], ['category', 'Category'], ['confidence', 'Confidence'], ['year', 'Year'], ['degree', 'Related to']];

/**
 * @param {import('../data/source.js').Node[]} rows
 * @param {number} total
 * @param {import('../state.js').State} state
 * @param {{href: (id: string) => string, category: (id: string) => string, sort: (column: string) => void, turn: (page: number) => void}} options
 */
export function tableOf(rows, total, state, { href, category, sort, turn }) {
  const pages = Math.max(1, Math.ceil(total / ROWS));
  const head = el('tr', {}, COLUMNS.map(([key, name]) => {
    const now = state.sort === key;
    return el('th', { scope: 'col', class: `kg-column-${key}`, 'aria-sort': now ? (state.descending ? 'descending' : 'ascending') : null },
      el('button', { type: 'button', class: 'kg-sort', 'data-sort': key, onclick: () => sort(key) }, name, el('span', { 'aria-hidden': 'true' }, now ? (state.descending ? ' ▼' : ' ▲') : '')));
  }));
  const body = rows.map((node) => el('tr', {},
    el('th', { scope: 'row', class: 'kg-column-label' }, nodeLink(node, href, 160)),
    el('td', { class: 'kg-column-kind' }, kindWord(node.kind)),
    el('td', { class: 'kg-column-category' }, node.categories.slice(0, 3).map((id, n) => [n ? ', ' : '', el('a', { href: category(id) }, node.categoryLabels[n])]).flat()),
    el('td', { class: 'kg-column-confidence' }, node.confidence ?? ''),
    el('td', { class: 'kg-column-year kg-number' }, yearWord(node.year)),
    el('td', { class: 'kg-column-degree kg-number' }, number(node.degree))));
  const from = state.page * ROWS;
  const step = (/** @type {string} */ name, /** @type {number} */ page) =>
    el('button', { type: 'button', class: 'kg-button', disabled: page < 0 || page >= pages || page === state.page, onclick: () => turn(page) }, name);
  return el('div', { class: 'kg-table' },
    el('div', { class: 'kg-scroll', tabindex: 0, role: 'region', 'aria-label': 'Nodes' },
      el('table', {}, el('caption', {}, total ? `${counted(total, 'node')}: ${number(from + 1)} to ${number(Math.min(total, from + ROWS))}` : 'No node matches the filters'),
        el('thead', {}, head), el('tbody', {}, body))),
    el('nav', { class: 'kg-pages', 'aria-label': 'Pages of the table' }, step('First', 0), step('Previous', state.page - 1),
      el('span', {}, `Page ${number(state.page + 1)} of ${number(pages)}`), step('Next', state.page + 1), step('Last', pages - 1)));
}
