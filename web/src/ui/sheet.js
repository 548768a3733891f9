/** The panel: at the side, or, on a small screen, a sheet at the bottom that can be drawn up and put down. */
import { el, icon, ICONS } from './dom.js';

/** @param {HTMLElement} root  whose class says whether the sheet is up @param {() => void} moved */
export function sheet(root, moved) {
  const told = el('div', { class: 'kg-told' });
  const handle = el('button', { type: 'button', class: 'kg-handle kg-narrow', 'aria-controls': 'kg-panel', onclick: () => set(!isUp(), true) }, el('span', { class: 'kg-handle-name' }), icon(ICONS.up));
  const element = el('aside', { class: 'kg-panel', id: 'kg-panel', 'aria-label': 'Details', tabindex: -1 }, handle, told);
  const isUp = () => root.classList.contains('kg-sheet-up');
  let of = '';

  function set(/** @type {boolean} */ up, /** @type {boolean} */ said) {
    const changed = up !== isUp();
    root.classList.toggle('kg-sheet-up', up);
    handle.setAttribute('aria-expanded', String(up));
    if (changed && said) moved();
  }
  set(false, false);
  return {
    element,
    focus: () => element.focus(),
    /** Where there is something to tell of, the sheet comes up; before it is drawn, so that the picture knows its room. @param {boolean} up @param {string} which */
    ready(up, which) {
      if (which !== of) set(up, false);
    },
    /** @param {HTMLElement} content @param {string} which  what it tells of @returns {string} its title where it is another than before */
    show(content, which) {
      const isNew = which !== of;
      const inside = told.contains(document.activeElement);
      told.replaceChildren(content);
      const title = /** @type {HTMLElement | null} */ (told.querySelector('.kg-title'));
      /** @type {HTMLElement} */ (handle.firstElementChild).textContent = title?.textContent ?? '';
      const said = isNew && of ? title?.textContent ?? '' : '';
      of = which;
      if (isNew) element.scrollTop = told.scrollTop = 0;
      if (isNew && inside) title?.focus();
      return said;
    },
  };
}
