// Every page: the theme, and suggestions while one types into the search field. Pages work without it.
'use strict';
(() => {
  const root = document.body.dataset.root;
  const isSite = 'site' in document.body.dataset;

  // ---- light and dark
  const button = document.getElementById('_theme');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const read = () => { try { return localStorage.getItem('kbgraph-theme'); } catch { return null; } };
  const show = (theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    const isDark = theme ? theme === 'dark' : dark.matches;
    button.textContent = isDark ? 'Light' : 'Dark';
    button.setAttribute('aria-label', isDark ? 'Switch to light colours' : 'Switch to dark colours');
    return isDark;
  };
  let isDark = show(read());
  button.hidden = false;
  button.addEventListener('click', () => {
    const theme = isDark ? 'light' : 'dark';
    try { localStorage.setItem('kbgraph-theme', theme); } catch { /* it lasts for this page then */ }
    isDark = show(theme);
  });

  // ---- search; the index of a site is a script, since pages from disk may not fetch
  const fold = (text) => ` ${(text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')}`;
  const entries = (self.kbgraphIndex ?? []).map(([kind, label, path, more]) => ({ kind, label, path, more, folded: fold(label) }));
  const find = (text, most) => {
    const words = fold(text).trim().split(' ').filter((word) => word).slice(0, 12);
    if (!words.length) return [];
    const whole = ` ${words.join(' ')}`;
    const ranked = [];
    entries.forEach((each, number) => {
      if (words.every((word) => each.folded.includes(` ${word}`))) {
        const rank = each.folded === whole ? 0 : each.folded.startsWith(whole) ? 1 : 2;
        ranked.push([rank + (each.kind === 'Fact' ? 3 : 0), number]);
      }
    });
    ranked.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return ranked.slice(0, most).map(([, number]) => entries[number]);
  };
  const suggest = async (text) => {
    if (isSite) return find(text, 8);
    const answer = await fetch(`${root || './'}suggest?q=${encodeURIComponent(text)}`);
    return answer.ok ? (await answer.json()).suggestions : [];
  };

  const field = document.getElementById('_q');
  const list = document.getElementById('_suggestions');
  let found = [];
  let at = -1;
  let asked = 0;
  field.setAttribute('role', 'combobox');
  field.setAttribute('aria-expanded', 'false');
  field.setAttribute('aria-controls', '_suggestions');
  field.setAttribute('aria-autocomplete', 'list');
  const close = () => {
    list.hidden = true; at = -1;
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-activedescendant');
  };
  const mark = (to) => {
    at = to;
    [...list.children].forEach((item, number) => item.setAttribute('aria-selected', String(number === at)));
    if (at >= 0) field.setAttribute('aria-activedescendant', list.children[at].id);
    else field.removeAttribute('aria-activedescendant');
  };
  const open = (each) => { location.href = (root || './') + each.path; };
  field.addEventListener('input', async () => {
    const mine = ++asked;
    const text = field.value;
    if (!text.trim()) { close(); return; }
    const some = await suggest(text).catch(() => []);
    if (mine !== asked) return;
    found = some;
    list.replaceChildren(...found.map((each, number) => {
      const item = document.createElement('li');
      item.id = `_suggestion-${number}`;
      item.setAttribute('role', 'option');
      const kind = document.createElement('span');
      kind.className = 'quiet';
      kind.textContent = ` ${each.kind}`;
      item.append(each.label, kind);
      item.addEventListener('mousedown', (event) => { event.preventDefault(); open(each); });
      return item;
    }));
    list.hidden = !found.length;
    field.setAttribute('aria-expanded', String(found.length > 0));
    mark(-1);
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { close(); return; }
    if (list.hidden) return;
    if (event.key === 'ArrowDown') { event.preventDefault(); mark((at + 1) % found.length); }
    if (event.key === 'ArrowUp') { event.preventDefault(); mark(at <= 0 ? found.length - 1 : at - 1); }
    if (event.key === 'Enter' && at >= 0) { event.preventDefault(); open(found[at]); }
  });
  field.addEventListener('blur', close);

  // ---- the page of results of a site
  const results = document.getElementById('_results');
  if (results) {
    const text = new URLSearchParams(location.search).get('q') ?? '';
    field.value = text;
    const some = find(text, 100);
    document.getElementById('_found').textContent = text ? `${some.length} found for “${text}”` : 'Type what you look for.';
    results.replaceChildren(...some.map((each) => {
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = (root || './') + each.path;
      link.textContent = each.label;
      const kind = document.createElement('span');
      kind.className = 'quiet';
      kind.textContent = ` ${each.kind}${each.more ? ` · ${each.more}` : ''}`;
      item.append(link, kind);
      return item;
    }));
  }
})();
