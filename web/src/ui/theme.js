/** Light and dark: as the system, until the reader says otherwise; the same choice as on the pages of a server. */

const KEPT = 'kbgraph-theme';

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // a page from disk may keep nothing
  }
}

/** @param {HTMLElement} root @param {() => void} changed */
export function theme(root, changed) {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const set = (/** @type {boolean} */ dark) => {
    root.dataset.theme = dark ? 'dark' : 'light';
    document.documentElement.style.colorScheme = root.dataset.theme;
  };
  const isDark = () => root.dataset.theme === 'dark';
  const follow = () => {
    if (kept() !== null) return;
    set(system.matches);
    changed();
  };
  set((kept() ?? (system.matches ? 'dark' : 'light')) === 'dark');
  system.addEventListener('change', follow);
  return {
    isDark,
    toggle() {
      set(!isDark());
      try {
        localStorage.setItem(KEPT, isDark() ? 'dark' : 'light');
      } catch { /* it lasts for this page then */ }
      changed();
    },
    destroy: () => system.removeEventListener('change', follow),
  };
}
