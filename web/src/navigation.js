/**
 * Going from state to state: each has an address of its own, and the back button works.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {ReturnType<typeof navigation>} Steps
 */
import { noFilter } from './data/source.js';
import { fromHash, start, toHash } from './state.js';

/** @param {string} focus  the node to begin with; "" for the overview @param {() => void} show  what is new */
export function navigation(focus, show) {
  const first = () => (focus ? { ...start(), view: /** @type {const} */ ('node'), node: focus, picked: focus } : start());
  const read = () => (location.hash.length > 1 ? fromHash(location.hash) : first());
  let state = read();

  const go = (/** @type {Partial<State>} */ change, replace = false) => {
    const hash = toHash({ ...state, ...change });
    if (hash === location.hash) state = { ...state, ...change };
    else {
      if (replace) history.replaceState(null, '', hash);
      else history.pushState(null, '', hash);
      state = fromHash(hash);
    }
    show();
  };
  const around = (/** @type {string} */ id) => /** @type {Partial<State>} */ ({ view: 'node', node: id, to: '', open: [], picked: id, full: false });
  return {
    now: () => state,
    go,
    /** What the address says now. */
    reread() {
      state = read();
      show();
    },
    home: () => go(start()),
    around,
    /** To a node from wherever one is. @param {string} id */
    open: (id) => go({ ...around(id), table: false, filter: noFilter() }),
    /** @param {string} from @param {string} to */
    trace: (from, to) => go({ ...start(), view: 'path', node: from, to, picked: '' }),
    /** @param {string} id */
    href: (id) => toHash({ ...state, ...around(id), table: false, filter: noFilter() }),
    /** All that belongs to a category. @param {string} id */
    within: (id) => toHash({ ...start(), picked: id, filter: { ...noFilter(), categories: [id] } }),
    /** What a click on a node in the picture does: it opens; the next one on the same node closes; the root stays. @param {string} id */
    follow(id) {
      if (state.view !== 'node') return go({ ...around(id), filter: noFilter() });
      if (!state.open.includes(id) && id !== state.node) return go({ open: [...state.open, id], picked: id });
      if (state.picked === id && id !== state.node) return go({ open: state.open.filter((each) => each !== id) });
      return go({ picked: id });
    },
  };
}
