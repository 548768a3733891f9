/** The explorer: mounts into an element, shows one state after the other, and keeps the address in step. */
import { kindWord, counted, number, shortened, verb } from './data/words.js';
import { noFilter } from './data/source.js';
import { fromHash, start, toHash } from './state.js';
import { coloursOf } from './draw/theme.js';
import { picture } from './draw/renderer.js';
import { sceneOf } from './draw/scene.js';
import { combobox } from './ui/combobox.js';
import { el, icon, ICONS } from './ui/dom.js';
import { filters } from './ui/filters.js';
import { kindMark, nodeLink } from './ui/marks.js';
import { panelOf, welcome } from './ui/panel.js';
import { ROWS, tableOf } from './ui/table.js';

/** @typedef {import('./state.js').State} State */

const THEME = 'kbgraph-theme';

/**
 * Mount an explorer.
 *
 * @param {HTMLElement} root       filled, and emptied again by `destroy`
 * @param {import('./data/source.js').Source} source
 * @param {{renderer?: 'canvas' | 'webgl'}} [options]
 */
export async function mount(root, source, options = {}) {
  const summary = await source.summary();
  const first = () => (summary.focus ? { ...start(), view: /** @type {const} */ ('node'), node: summary.focus, picked: summary.focus } : start());
  let state = location.hash.length > 1 ? fromHash(location.hash) : first();
  let shown = 0;
  let lastScene = '';

  const system = matchMedia('(prefers-color-scheme: dark)');

  // ---- going from state to state

  const go = (/** @type {Partial<State>} */ change, replace = false) => {
    const hash = toHash({ ...state, ...change });
    if (hash === location.hash) {
      state = { ...state, ...change };
      return void show();
    }
    if (replace) history.replaceState(null, '', hash);
    else history.pushState(null, '', hash);
    state = fromHash(hash);
    return void show();
  };
  const home = () => go(start());
  const around = (/** @type {string} */ id) => /** @type {Partial<State>} */ ({ view: 'node', node: id, to: '', open: [], picked: id, full: false });
  const href = (/** @type {string} */ id) => toHash({ ...state, ...around(id), table: false, filter: noFilter() });
  const within = (/** @type {string} */ id) => toHash({ ...start(), picked: id, filter: { ...noFilter(), categories: [id] } });

  const follow = (/** @type {string} */ id) => {
    if (state.view !== 'node') return go({ ...around(id), filter: noFilter() });
    const opened = state.open.includes(id) || id === state.node;
    // A click opens, the next one on the same node closes; the root stays.
    if (!opened) return go({ open: [...state.open, id], picked: id });
    if (state.picked === id && id !== state.node) return go({ open: state.open.filter((each) => each !== id) });
    return go({ picked: id });
  };

  // ---- the parts of the page

  const announce = el('p', { class: 'kg-hidden', role: 'status', id: 'kg-status' });
  const stage = el('div', {
    class: 'kg-stage', tabindex: 0, role: 'img', 'aria-label': 'Picture of the graph. The same data is in the table and in the panel.',
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const steps = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] });
      if (steps[event.key]) view.pan(...steps[event.key]);
      else if (event.key === '+' || event.key === '=') view.zoom(1.4);
      else if (event.key === '-') view.zoom(1 / 1.4);
      else if (event.key === '0') view.fit();
      else return;
      event.preventDefault();
    },
  });
  const caption = el('p', { class: 'kg-caption' });
  const crumbs = el('nav', { class: 'kg-crumbs', 'aria-label': 'What is shown' });
  const button = (/** @type {string} */ name, /** @type {string} */ path, /** @type {() => void} */ act, /** @type {Record<string, any>} */ more = {}) =>
    el('button', { type: 'button', class: 'kg-icon-button', 'aria-label': name, title: name, onclick: act, ...more }, icon(path));
  const zoom = el('div', { class: 'kg-zoom', role: 'group', 'aria-label': 'Zoom' },
    button('Zoom in', ICONS.plus, () => view.zoom(1.5)), button('Zoom out', ICONS.minus, () => view.zoom(1 / 1.5)), button('Show all of it', ICONS.fit, () => view.fit()));
  const legend = el('ul', { class: 'kg-legend-list', 'aria-label': 'Legend' });
  const figure = el('section', { class: 'kg-figure', 'aria-label': 'Graph' }, stage, el('div', { class: 'kg-over' }, crumbs), el('div', { class: 'kg-foot' }, caption, legend), zoom);
  const table = el('section', { class: 'kg-table-view', 'aria-label': 'Table', hidden: true });
  const panel = el('aside', { class: 'kg-panel', 'aria-label': 'Details', tabindex: -1 });

  const sieve = filters(source, (filter) => go({ filter, page: 0 }, JSON.stringify({ ...filter, text: '' }) === JSON.stringify({ ...state.filter, text: '' })));
  const drawer = el('aside', { class: 'kg-drawer', id: 'kg-drawer', 'aria-label': 'Filters and legend' },
    el('div', { class: 'kg-drawer-head' }, el('h2', {}, 'Filters'), button('Close filters', ICONS.close, () => toggleDrawer(false), { class: 'kg-icon-button kg-narrow' })),
    sieve.element, pathForm());
  const drawerButton = button('Filters', ICONS.filter, () => toggleDrawer(!root.classList.contains('kg-drawer-open')), { 'aria-expanded': 'false', 'aria-controls': 'kg-drawer', class: 'kg-icon-button kg-narrow' });
  function toggleDrawer(/** @type {boolean} */ open) {
    root.classList.toggle('kg-drawer-open', open);
    drawerButton.setAttribute('aria-expanded', String(open));
    if (open) drawer.querySelector('input')?.focus();
    else if (drawer.contains(document.activeElement)) drawerButton.focus();
  }

  const search = combobox(source, {
    label: 'Search articles, facts, sources, people, organisations', placeholder: 'Search articles, facts, sources, people …',
    choose: (node) => go({ ...around(node.id), table: false, filter: noFilter() }),
    all: (text) => text.trim() && go({ ...start(), table: state.table, filter: { ...noFilter(), text } }),
  });
  const modes = el('div', { class: 'kg-modes', role: 'group', 'aria-label': 'View' }, [['Graph', false], ['Table', true]].map(([name, on]) =>
    el('button', { type: 'button', class: 'kg-mode', 'data-table': String(on), 'aria-pressed': 'false', onclick: () => go({ table: Boolean(on), page: 0 }) }, String(name))));
  const saves = el('div', { class: 'kg-menu', hidden: true, id: 'kg-saves' },
    el('button', { type: 'button', class: 'kg-button', onclick: () => save('png') }, 'Picture as PNG'),
    el('button', { type: 'button', class: 'kg-button', onclick: () => save('svg') }, 'Picture as SVG'));
  const saveButton = button('Save the picture', ICONS.save, () => {
    saves.hidden = !saves.hidden;
    saveButton.setAttribute('aria-expanded', String(!saves.hidden));
    if (!saves.hidden) saves.querySelector('button')?.focus();
  }, { 'aria-expanded': 'false', 'aria-controls': 'kg-saves' });
  saves.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') saveButton.click();
  });
  const themeButton = button('Dark or light', ICONS.sun, () => setTheme(!isDark()));
  const counts = ['article', 'fact', 'source'].filter((kind) => summary.counts[kind])
    .map((kind) => `${number(summary.counts[kind])} ${kindWord(kind, summary.counts[kind]).toLowerCase()}`).join(' · ');
  const header = el('header', { class: 'kg-header' },
    el('div', { class: 'kg-name' }, el('h1', {}, el('a', { href: '#', dir: 'auto', onclick: (/** @type {Event} */ e) => { e.preventDefault(); search.input.value = ''; go(start()); } }, summary.title)), el('p', {}, counts)),
    el('div', { class: 'kg-search', role: 'search' }, icon(ICONS.search), search.element),
    el('div', { class: 'kg-tools' }, drawerButton, modes, el('div', { class: 'kg-saving' }, saveButton, saves), themeButton));
  root.dataset.theme = (stored() ?? (system.matches ? 'dark' : 'light')) === 'dark' ? 'dark' : 'light';
  root.classList.add('kg-root');
  root.replaceChildren(el('a', { href: '#', class: 'kg-skip', onclick: (/** @type {Event} */ e) => { e.preventDefault(); panel.focus(); } }, 'Skip to details'),
    header, drawer, el('main', { class: 'kg-main' }, figure, table), panel, announce);

  // The frame of the page is seen before the picture is ready; a page in the background is not waited for.
  await new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 150);
  });
  const view = picture(stage, {
    node: follow,
    region: (id) => id !== null && go({ ...start(), picked: id, filter: { ...noFilter(), categories: [id] } }),
    empty: () => {},
  }, options.renderer === 'canvas');
  root.dataset.renderer = view.name();

  // ---- light and dark

  function stored() {
    try {
      return localStorage.getItem(THEME);
    } catch {
      return null; // a page from disk may keep nothing
    }
  }
  const isDark = () => root.dataset.theme === 'dark';
  function setTheme(/** @type {boolean} */ dark, keep = true) {
    root.dataset.theme = dark ? 'dark' : 'light';
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
    try {
      if (keep) localStorage.setItem(THEME, dark ? 'dark' : 'light');
    } catch { /* as above */ }
    if (shown) void show(true);
  }
  setTheme((stored() ?? (system.matches ? 'dark' : 'light')) === 'dark', false);
  system.addEventListener('change', () => stored() === null && setTheme(system.matches, false));

  // ---- saving

  async function save(/** @type {'png' | 'svg'} */ kind) {
    saves.hidden = true;
    saveButton.setAttribute('aria-expanded', 'false');
    saveButton.focus();
    const blob = kind === 'png' ? await view.png() : new Blob([view.svg(summary.title)], { type: 'image/svg+xml' });
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    el('a', { href: url, download: `graph.${kind}` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    announce.textContent = `Saved as graph.${kind}`;
  }

  // ---- paths

  function pathForm() {
    const ends = ['', ''];
    const field = (/** @type {number} */ n, /** @type {string} */ label) => combobox(source, {
      label, placeholder: label, choose: (node) => {
        ends[n] = node.id;
        ready.toggleAttribute('disabled', !(ends[0] && ends[1]));
      },
    });
    const [one, two] = [field(0, 'Path from'), field(1, 'Path to')];
    const ready = el('button', { type: 'submit', class: 'kg-button kg-primary', disabled: true }, 'Show the path');
    return el('form', {
      class: 'kg-path-form', 'aria-label': 'Path between two nodes',
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        if (!ends[0] || !ends[1]) return;
        toggleDrawer(false);
        go({ ...start(), view: 'path', node: ends[0], to: ends[1], picked: '' });
      },
    }, el('h2', {}, 'Path between two nodes'), one.element, two.element, ready);
  }

  const pathFrom = (/** @type {string} */ id) => {
    const field = combobox(source, {
      label: 'Path to', placeholder: 'Path to …', choose: (node) => go({ ...start(), view: 'path', node: id, to: node.id, picked: '' }),
    });
    return field;
  };

  // ---- showing

  async function show(sameCamera = false) {
    shown += 1;
    const mine = shown;
    const now = state;
    // On a phone the panel takes more room where it tells of something, and leaves the picture less.
    root.classList.toggle('kg-telling', now.picked !== '' || now.view === 'path');
    root.classList.toggle('kg-tabled', now.table);
    const size = { width: stage.clientWidth, height: stage.clientHeight };
    const [made] = await Promise.all([sceneOf(source, now, size), sieve.show(now.filter)]);
    if (mine !== shown) return;
    const key = JSON.stringify([now.view, now.node, now.to, now.open, now.full, now.filter]);
    view.show(made.scene, coloursOf(isDark()), now.picked, sameCamera || key === lastScene);
    lastScene = key;
    caption.textContent = made.caption;
    showCrumbs(now, made);
    showLegend(made.scene);
    await Promise.all([showPanel(now, mine), showTable(now, mine)]);
    if (mine !== shown) return;
    root.dataset.ready = String(mine);
  }

  function showCrumbs(/** @type {State} */ now, /** @type {{hidden: number}} */ made) {
    const overview = now.view === 'overview' || now.view === 'all';
    const tab = (/** @type {string} */ name, /** @type {boolean} */ on, /** @type {State} */ to) =>
      el('a', { href: toHash(to), class: 'kg-tab', 'aria-current': on ? 'page' : null }, name);
    crumbs.replaceChildren(
      tab('Overview', now.view === 'overview', { ...start(), table: now.table }),
      tab('Everything', now.view === 'all', { ...start(), view: 'all', table: now.table }),
      ...(overview ? [] : [el('span', { class: 'kg-tab kg-here', 'aria-current': 'page' }, now.view === 'path' ? 'Path' : 'Neighbourhood')]),
      ...(made.hidden && !now.full ? [el('button', { type: 'button', class: 'kg-button', onclick: () => go({ full: true }) }, 'Show all neighbours')] : []),
      ...(made.hidden === 0 && now.full ? [el('button', { type: 'button', class: 'kg-button', onclick: () => go({ full: false }) }, 'Show fewer')] : []));
  }

  function showLegend(/** @type {import('./draw/paint.js').Scene} */ scene) {
    const there = new Set(scene.nodes.map((node) => node.kind));
    legend.replaceChildren(...summary.kinds.filter((kind) => there.has(kind)).map((kind) => el('li', {}, kindMark(kind), kindWord(kind))));
  }

  async function showPanel(/** @type {State} */ now, /** @type {number} */ mine) {
    const told = panel.dataset.of ?? '';
    const which = now.picked || (now.view === 'path' ? `path ${now.node} ${now.to}` : 'overview');
    /** @type {HTMLElement | null} */ let content = null;
    if (now.picked) {
      const details = await source.node(now.picked);
      content = details
        ? panelOf(details, { href, actions: actionsOf(details.node, now) })
        : el('div', { class: 'kg-details' }, el('h2', { class: 'kg-title' }, 'Not in this graph'), el('p', { class: 'kg-iri' }, now.picked), el('a', { href: toHash(start()) }, 'To the overview'));
    } else if (now.view === 'path') {
      content = await pathWords(now);
    } else {
      content = welcome(summary, await source.overview(now.filter), { href, category: within });
    }
    if (mine !== shown) return;
    const inside = panel.contains(document.activeElement);
    panel.replaceChildren(content);
    panel.dataset.of = which;
    if (told !== which) panel.scrollTop = 0;
    const title = panel.querySelector('.kg-title');
    if (told && told !== which) announce.textContent = `${title?.textContent ?? ''}. ${caption.textContent ?? ''}`;
    if (inside && told !== which) /** @type {HTMLElement | null} */ (title)?.focus();
  }

  function actionsOf(/** @type {import('./data/source.js').Node} */ node, /** @type {State} */ now) {
    const act = (/** @type {string} */ name, /** @type {() => void} */ does) => el('button', { type: 'button', class: 'kg-button', onclick: does }, name);
    const isRoot = now.view === 'node' && now.node === node.id;
    const opened = now.open.includes(node.id);
    const trace = act('Path to …', () => {
      const field = pathFrom(node.id);
      trace.replaceWith(field.element);
      field.input.focus();
    });
    return [
      now.view === 'node' && !isRoot && !opened && act('Expand', () => go({ open: [...now.open, node.id] })),
      now.view === 'node' && !isRoot && opened && act('Collapse', () => go({ open: now.open.filter((each) => each !== node.id) })),
      !isRoot && act('Put in the middle', () => go({ ...around(node.id), table: false })),
      node.kind === 'category' && el('a', { class: 'kg-button', href: within(node.id) }, 'All in this category'),
      trace,
      el('button', { type: 'button', class: 'kg-button kg-narrow-only', onclick: () => go({ picked: '' }, true) }, 'Close'),
    ].filter((each) => each !== false);
  }

  async function pathWords(/** @type {State} */ now) {
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
  }

  async function showTable(/** @type {State} */ now, /** @type {number} */ mine) {
    modes.querySelectorAll('button').forEach((each) => each.setAttribute('aria-pressed', String((each.dataset.table === 'true') === now.table)));
    if (now.table) {
      const { rows, total } = await source.rows(now.filter, now.sort, now.descending, now.page * ROWS, ROWS);
      if (mine !== shown) return;
      const focused = /** @type {HTMLElement | null} */ (table.contains(document.activeElement) ? document.activeElement : null);
      table.replaceChildren(tableOf(rows, total, now, {
        href, category: within,
        sort: (column) => go({ sort: column, descending: now.sort === column ? !now.descending : ['degree', 'year'].includes(column), page: 0 }),
        turn: (page) => go({ page }),
      }));
      if (focused) {
        const again = [...table.querySelectorAll('button')].find((each) => (focused.dataset.sort ? each.dataset.sort === focused.dataset.sort : each.textContent === focused.textContent && !each.disabled));
        (again ?? /** @type {HTMLElement} */ (table.querySelector('.kg-scroll'))).focus();
      }
    }
    table.hidden = !now.table;
    figure.toggleAttribute('inert', now.table);
  }

  const onHash = () => {
    state = location.hash.length > 1 ? fromHash(location.hash) : first();
    toggleDrawer(false);
    void show();
  };
  window.addEventListener('popstate', onHash);
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable]');
    if (event.key === '/' && !typing) {
      event.preventDefault();
      search.input.focus();
    } else if (event.key === 'Escape' && root.classList.contains('kg-drawer-open')) {
      toggleDrawer(false);
    }
  };
  document.addEventListener('keydown', onKey);
  await show();
  return {
    /** @param {string} id */
    placeOf: (id) => {
      const place = view.placeOf(id);
      const box = stage.getBoundingClientRect();
      return place && [place[0] + box.left, place[1] + box.top];
    },
    home,
    svg: () => view.svg(summary.title),
    destroy() {
      window.removeEventListener('popstate', onHash);
      document.removeEventListener('keydown', onKey);
      view.destroy();
      root.replaceChildren();
    },
  };
}
