/**
 * What is shown, as a value, and as the part of the address behind `#`: each state has a link, and the back button works.
 *
 * @typedef {object} State
 * @property {'overview' | 'all' | 'node' | 'path'} view
 * @property {string} node        the node in the middle, or the first one of a path
 * @property {string} to          the last one of a path
 * @property {string[]} open      further nodes whose neighbourhoods are shown, in the order in which they were opened
 * @property {string} picked      the node that the panel tells of
 * @property {boolean} full       whether all neighbours are shown, however many
 * @property {boolean} table
 * @property {string} sort
 * @property {boolean} descending
 * @property {number} page        of the table, from 0
 * @property {import('./data/source.js').Filter} filter
 */
import { noFilter } from './data/source.js';

/** @returns {State} */
export const start = () => ({
  view: 'overview', node: '', to: '', open: [], picked: '', full: false,
  table: false, sort: 'degree', descending: true, page: 0, filter: noFilter(),
});

/** @param {State} state @returns {string} `#…`; a page may open with a node, so that even the overview has a name */
export function toHash(state) {
  const parts = new URLSearchParams();
  const put = (/** @type {string} */ name, /** @type {string} */ value) => value && parts.append(name, value);
  if (state.view === 'node') put('node', state.node);
  if (state.view === 'path') {
    put('from', state.node);
    put('to', state.to);
  }
  if (state.view === 'all') put('view', 'all');
  state.open.forEach((id) => put('open', id));
  if (state.view !== 'node' || state.picked !== state.node) put('picked', state.picked);
  put('full', state.full ? '1' : '');
  if (state.table) {
    put('table', '1');
    if (state.sort !== 'degree' || !state.descending) put('sort', (state.descending ? '-' : '') + state.sort);
    put('page', state.page ? String(state.page + 1) : '');
  }
  const { filter } = state;
  filter.kinds.forEach((each) => put('kind', each));
  filter.categories.forEach((each) => put('category', each));
  filter.levels.forEach((each) => put('confidence', each));
  put('since', filter.from === null ? '' : String(filter.from));
  put('until', filter.to === null ? '' : String(filter.to));
  put('q', filter.text.trim());
  return `#${parts.size ? parts : 'view=overview'}`;
}

/** @param {string} hash @returns {State} */
export function fromHash(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const get = (/** @type {string} */ name) => parts.get(name) ?? '';
  const year = (/** @type {string} */ name) => (/^-?\d{1,6}$/.test(get(name)) ? Number(get(name)) : null);
  const state = start();
  state.view = parts.has('from') && parts.has('to') ? 'path' : parts.has('node') ? 'node' : get('view') === 'all' ? 'all' : 'overview';
  state.node = state.view === 'path' ? get('from') : get('node');
  state.to = state.view === 'path' ? get('to') : '';
  state.open = parts.getAll('open');
  state.picked = get('picked') || (state.view === 'node' ? state.node : '');
  state.full = get('full') === '1';
  state.table = get('table') === '1';
  if (get('sort')) {
    state.descending = get('sort').startsWith('-');
    state.sort = get('sort').replace(/^-/, '');
  }
  state.page = Math.max(0, (Number.parseInt(get('page'), 10) || 1) - 1);
  state.filter = {
    kinds: parts.getAll('kind'), categories: parts.getAll('category'), levels: parts.getAll('confidence'),
    from: year('since'), to: year('until'), text: get('q'),
  };
  return state;
}
