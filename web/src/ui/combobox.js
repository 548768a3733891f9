/** A search field with suggestions, after the combobox pattern of ARIA: arrows, Enter, Escape, Home and End. */
import { kindWord, shortened } from '../data/words.js';
import { el } from './dom.js';
import { kindMark } from './marks.js';

const SUGGESTIONS = 12;
let made = 0;

/**
 * @param {import('../data/source.js').Source} source
 * @param {{label: string, placeholder: string, choose: (node: import('../data/source.js').Node) => void, all?: (text: string) => void}} options
 *   `all` takes what was typed where Enter is pressed without a choice
 */
export function combobox(source, options) {
  made += 1;
  const listId = `kg-list-${made}`;
  const list = el('ul', { id: listId, role: 'listbox', 'aria-label': options.label, class: 'kg-suggestions', hidden: true });
  const input = /** @type {HTMLInputElement} */ (el('input', {
    type: 'text', role: 'combobox', 'aria-label': options.label, 'aria-autocomplete': 'list', 'aria-expanded': 'false',
    'aria-controls': listId, placeholder: options.placeholder, autocomplete: 'off', spellcheck: 'false', class: 'kg-input', dir: 'auto',
  }));
  const count = el('span', { class: 'kg-hidden', role: 'status' });
  /** @type {import('../data/source.js').Node[]} */ let found = [];
  let at = -1;
  let asked = 0;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const point = (/** @type {number} */ next) => {
    at = next;
    [...list.children].forEach((each, n) => each.setAttribute('aria-selected', String(n === at)));
    if (at < 0) return input.removeAttribute('aria-activedescendant');
    input.setAttribute('aria-activedescendant', `${listId}-${at}`);
    return list.children[at].scrollIntoView({ block: 'nearest' });
  };
  const choose = (/** @type {import('../data/source.js').Node} */ node) => {
    input.value = shortened(node.label, 200);
    close();
    options.choose(node);
  };
  const suggest = async () => {
    asked += 1;
    const mine = asked;
    const nodes = await source.search(input.value, SUGGESTIONS);
    if (mine !== asked) return;
    found = nodes;
    list.replaceChildren(...nodes.map((node, n) => el('li',
      { role: 'option', id: `${listId}-${n}`, 'aria-selected': 'false', onmousedown: (/** @type {Event} */ e) => e.preventDefault(), onclick: () => choose(node) },
      kindMark(node.kind), el('span', { class: 'kg-suggestion', dir: 'auto' }, shortened(node.label, 110)),
      el('span', { class: 'kg-note' }, [kindWord(node.kind), node.year].filter((each) => each !== null).join(', ')))));
    at = -1;
    list.hidden = nodes.length === 0;
    input.setAttribute('aria-expanded', String(nodes.length > 0));
    count.textContent = input.value.trim() ? (nodes.length ? `${nodes.length} suggestions` : 'Nothing found') : '';
  };
  input.addEventListener('input', suggest);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    const open = !list.hidden;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) return void suggest();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      return point((at + step + found.length + (at < 0 && step < 0 ? 1 : 0)) % found.length);
    }
    if (event.key === 'Escape') {
      if (open) event.stopPropagation();
      else input.value = '';
      return close();
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      if (open && at >= 0) return choose(found[at]);
      if (options.all) {
        close();
        return options.all(input.value);
      }
      return found.length ? choose(found[0]) : undefined;
    }
    return undefined;
  });
  return { element: el('div', { class: 'kg-combobox' }, input, list, count), input };
}
