/** An answer as a table: sorted by any column, page by page. */
import { number, plain } from '../data/words.js';
import { el } from '../ui/dom.js';
import { numberOf } from './terms.js';

/** Rows of a page. */
const ROWS = 50;

/** @param {import('./asking.js').Row[]} rows @param {string} name @param {boolean} descending */
function sorted(rows, name, descending) {
  const sign = descending ? -1 : 1;
  const keys = rows.map((row) => ({ row, number: numberOf(row[name]), text: plain(row[name]?.value ?? ''), empty: !row[name] }));
  // Numbers come before texts; what is not there comes last either way.
  return keys.sort((a, b) => {
    if (a.empty || b.empty) return Number(a.empty) - Number(b.empty);
    if (Number.isNaN(a.number) || Number.isNaN(b.number)) {
      if (Number.isNaN(a.number) !== Number.isNaN(b.number)) return Number.isNaN(a.number) ? 1 : -1;
      return a.text === b.text ? 0 : a.text < b.text ? -sign : sign;
    }
    return sign * (a.number - b.number);
  }).map((each) => each.row);
}

/** @param {import('./asking.js').Answer} answer @param {import('./terms.js').Terms} terms */
export function tableOf({ names, rows }, terms) {
  let [by, descending, page] = ['', false, 0];
  let shown = rows;
  const pages = Math.max(1, Math.ceil(rows.length / ROWS));
  const counts = names.map((name) => rows.some((row) => row[name]) && rows.every((row) => !row[name] || !Number.isNaN(numberOf(row[name]))));
  const body = el('tbody');
  const head = el('tr', {}, names.map((name, n) => el('th', { scope: 'col', class: counts[n] && 'number' },
    el('button', { type: 'button', class: 'sort', onclick: () => sort(name) }, name, el('span', { class: 'arrow', 'aria-hidden': 'true' })))));
  const where = el('span', { role: 'status' });
  const step = (/** @type {string} */ name, /** @type {() => number} */ to) => el('button', { type: 'button', onclick: () => turn(to()) }, name);
  const steps = [step('First', () => 0), step('Previous', () => page - 1), step('Next', () => page + 1), step('Last', () => pages - 1)];

  function turn(/** @type {number} */ to) {
    page = to;
    body.replaceChildren(...shown.slice(page * ROWS, (page + 1) * ROWS).map((row) =>
      el('tr', {}, names.map((name, n) => el('td', { class: counts[n] && 'number' }, terms.shown(row[name]))))));
    where.textContent = `${number(page * ROWS + 1)} to ${number(Math.min(rows.length, (page + 1) * ROWS))} of ${number(rows.length)}`;
    steps.forEach((each, n) => each.toggleAttribute('disabled', n < 2 ? page === 0 : page === pages - 1));
  }
  function sort(/** @type {string} */ name) {
    [descending, by] = [by === name ? !descending : counts[names.indexOf(name)], name];
    shown = sorted(rows, by, descending);
    [...head.children].forEach((each, n) => {
      const now = names[n] === by;
      if (now) each.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      else each.removeAttribute('aria-sort');
      /** @type {HTMLElement} */ (each.querySelector('.arrow')).textContent = now ? (descending ? ' ▼' : ' ▲') : '';
    });
    turn(0);
  }
  turn(0);
  if (!rows.length) return el('p', { class: 'quiet' }, 'There are no rows.');
  return el('div', {},
    el('div', { class: 'scrolled', tabindex: 0, role: 'region', 'aria-label': 'Rows' }, el('table', {}, el('thead', {}, head), body)),
    pages > 1 && el('nav', { class: 'turning', 'aria-label': 'Pages of the table' }, steps.slice(0, 2), where, steps.slice(2)));
}
