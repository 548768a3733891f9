/** What stands beside the picture, or slides over it where there is no room: the filters, and the way between two nodes. */
import { combobox } from './combobox.js';
import { el, iconButton, ICONS } from './dom.js';
import { filters } from './filters.js';

/**
 * @param {HTMLElement} root  whose class says whether it is open
 * @param {import('../data/source.js').Source} source
 * @param {import('../navigation.js').Steps} steps
 */
export function drawer(root, source, steps) {
  const withoutText = (/** @type {import('../data/source.js').Filter} */ filter) => JSON.stringify({ ...filter, text: '' });
  // Letters that are typed one after another are one step.
  const sieve = filters(source, (filter) => steps.go({ filter, page: 0 }, withoutText(filter) === withoutText(steps.now().filter)));
  const isOpen = () => root.classList.contains('kg-drawer-open');
  const toggle = (/** @type {boolean} */ open) => {
    root.classList.toggle('kg-drawer-open', open);
    button.setAttribute('aria-expanded', String(open));
    if (open) element.querySelector('input')?.focus();
    else if (element.contains(document.activeElement)) button.focus();
  };
  const button = iconButton('Filters', ICONS.filter, () => toggle(!isOpen()), { 'aria-expanded': 'false', 'aria-controls': 'kg-drawer', class: 'kg-icon-button kg-narrow' });

  const ends = ['', ''];
  const field = (/** @type {number} */ n, /** @type {string} */ label) => combobox(source, {
    label, placeholder: label, choose: (node) => {
      ends[n] = node.id;
      ready.toggleAttribute('disabled', !(ends[0] && ends[1]));
    },
  }).element;
  const ready = el('button', { type: 'submit', class: 'kg-button kg-primary', disabled: true }, 'Show the path');
  const path = el('form', {
    class: 'kg-path-form', 'aria-label': 'Path between two nodes',
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      if (!ends[0] || !ends[1]) return;
      toggle(false);
      steps.trace(ends[0], ends[1]);
    },
  }, el('h2', {}, 'Path between two nodes'), field(0, 'Path from'), field(1, 'Path to'), ready);

  const element = el('aside', { class: 'kg-drawer', id: 'kg-drawer', 'aria-label': 'Filters and legend' },
    el('div', { class: 'kg-drawer-head' }, el('h2', {}, 'Filters'), iconButton('Close filters', ICONS.close, () => toggle(false), { class: 'kg-icon-button kg-narrow' })),
    sieve.element, path);
  return { element, button, isOpen, close: () => toggle(false), show: sieve.show };
}
