/** The explorer: mounts into an element, and shows one state after the other in all of its parts. */
import { noFilter } from './data/source.js';
import { coloursOf } from './draw/theme.js';
import { picture } from './draw/renderer.js';
import { sceneOf } from './draw/scene.js';
import { navigation } from './navigation.js';
import { start } from './state.js';
import { el } from './ui/dom.js';
import { drawer } from './ui/drawer.js';
import { figure } from './ui/figure.js';
import { header } from './ui/header.js';
import { sheet } from './ui/sheet.js';
import { ROWS, tableOf } from './ui/table.js';
import { telling } from './ui/telling.js';
import { theme } from './ui/theme.js';

/** @typedef {import('./state.js').State} State */

/**
 * Mount an explorer.
 *
 * @param {HTMLElement} root       filled, and emptied again by `destroy`
 * @param {import('./data/source.js').Source} source
 * @param {{renderer?: 'canvas' | 'webgl'}} [options]
 */
export async function mount(root, source, options = {}) {
  const summary = await source.summary();
  let [shown, lastScene] = [0, ''];
  /** @type {import('./draw/renderer.js').Picture} */ let view;

  // ---- the parts of the page

  const steps = navigation(summary.focus, () => void show());
  const colours = theme(root, () => void (shown && show(true)));
  const drawn = figure(steps, () => view);
  const filtered = drawer(root, source, steps);
  const panel = sheet(root, () => void show());
  const tell = telling(source, summary, steps);
  const head = header(source, summary, steps, { save, toggleTheme: colours.toggle, drawerButton: filtered.button });
  const table = el('section', { class: 'kg-table-view', 'aria-label': 'Table', hidden: true });
  const announce = el('p', { class: 'kg-hidden', role: 'status', id: 'kg-status' });
  const skip = (/** @type {Event} */ event) => {
    event.preventDefault();
    panel.focus();
  };
  root.classList.add('kg-root');
  root.replaceChildren(el('a', { href: '#', class: 'kg-skip', onclick: skip }, 'Skip to details'),
    head.element, filtered.element, el('main', { class: 'kg-main' }, drawn.element, table), panel.element, announce);

  // The frame of the page is seen before the picture is ready; a page in the background is not waited for.
  await new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 150);
  });
  view = picture(drawn.stage, {
    node: steps.follow,
    region: (id) => id !== null && steps.go({ ...start(), picked: id, filter: { ...noFilter(), categories: [id] } }),
    empty: () => {},
  }, options.renderer === 'canvas');
  root.dataset.renderer = view.name();

  // ---- showing

  async function show(sameCamera = false) {
    shown += 1;
    const mine = shown;
    const now = steps.now();
    const which = now.picked || (now.view === 'path' ? `path ${now.node} ${now.to}` : 'overview');
    root.classList.toggle('kg-tabled', now.table);
    panel.ready(which !== 'overview', which);
    const size = { width: drawn.stage.clientWidth, height: drawn.stage.clientHeight };
    const [made] = await Promise.all([sceneOf(source, now, size), filtered.show(now.filter)]);
    if (mine !== shown) return;
    const key = JSON.stringify([now.view, now.node, now.to, now.open, now.full, now.filter, size]);
    view.show(made.scene, coloursOf(colours.isDark()), now.picked, sameCamera || key === lastScene);
    lastScene = key;
    head.show(now);
    drawn.show(now, made, summary.kinds);
    const [content] = await Promise.all([tell(now), showTable(now, mine)]);
    if (mine !== shown) return;
    const title = panel.show(content, which);
    if (title) announce.textContent = `${title}. ${drawn.caption()}`;
    root.dataset.ready = String(mine);
  }

  async function showTable(/** @type {State} */ now, /** @type {number} */ mine) {
    if (now.table) {
      const { rows, total } = await source.rows(now.filter, now.sort, now.descending, now.page * ROWS, ROWS);
      if (mine !== shown) return;
      const focused = /** @type {HTMLElement | null} */ (table.contains(document.activeElement) ? document.activeElement : null);
      table.replaceChildren(tableOf(rows, total, now, {
        href: steps.href, category: steps.within,
        sort: (column) => steps.go({ sort: column, descending: now.sort === column ? !now.descending : ['degree', 'year'].includes(column), page: 0 }),
        turn: (page) => steps.go({ page }),
      }));
      if (focused) {
        const again = [...table.querySelectorAll('button')].find((each) => (focused.dataset.sort ? each.dataset.sort === focused.dataset.sort : each.textContent === focused.textContent && !each.disabled));
        (again ?? /** @type {HTMLElement} */ (table.querySelector('.kg-scroll'))).focus();
      }
    }
    table.hidden = !now.table;
    drawn.element.toggleAttribute('inert', now.table);
  }

  async function save(/** @type {'png' | 'svg'} */ kind) {
    const blob = kind === 'png' ? await view.png() : new Blob([view.svg(summary.title)], { type: 'image/svg+xml' });
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    el('a', { href: url, download: `graph.${kind}` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    announce.textContent = `Saved as graph.${kind}`;
  }

  // ---- the window

  const onHash = () => {
    filtered.close();
    steps.reread();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable]');
    if (event.key === '/' && !typing) {
      event.preventDefault();
      head.focus();
    } else if (event.key === 'Escape' && filtered.isOpen()) filtered.close();
  };
  window.addEventListener('popstate', onHash);
  document.addEventListener('keydown', onKey);
  await show();
  return {
    /** @param {string} id */
    placeOf: (id) => {
      const place = view.placeOf(id);
      const box = drawn.stage.getBoundingClientRect();
      return place && [place[0] + box.left, place[1] + box.top];
    },
    home: steps.home,
    svg: () => view.svg(summary.title),
    destroy() {
      window.removeEventListener('popstate', onHash);
      document.removeEventListener('keydown', onKey);
      colours.destroy();
      view.destroy();
      root.replaceChildren();
    },
  };
}
