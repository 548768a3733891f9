// The editor: asks the endpoint of this server, and shows the answer as a table, a chart or a graph.
'use strict';
(() => {
  const root = document.body.dataset.root || './';
  const form = document.getElementById('_ask');
  const query = document.getElementById('_query');
  const example = document.getElementById('_example');
  const status = document.getElementById('_status');
  const answer = document.getElementById('_answer');
  const views = answer.querySelector('.views');
  const view = document.getElementById('_view');
  const csv = document.getElementById('_csv');
  const SHOWN = 1000;
  let last = null;

  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const drawn = (name, attributes, text) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
  const named = (iri) => decodeURIComponentSafely(iri.replace(/[/#]$/, '').replace(/^.*[/#]/, ''));
  function decodeURIComponentSafely(text) { try { return decodeURIComponent(text); } catch { return text; } }

  // ---- a table
  const cell = (value) => {
    const made = element('td');
    if (!value) return made;
    if (value.type === 'uri' && /^https?:/.test(value.value)) {
      made.append(element('a', value.value, { href: value.value, rel: 'noreferrer' }));
    } else made.textContent = value.value;
    return made;
  };
  const table = ({ names, rows }) => {
    const made = element('table', undefined, { class: 'table', tabindex: '0', 'aria-label': 'Answer' });
    const head = element('tr');
    head.append(...names.map((name) => element('th', name, { scope: 'col' })));
    const body = element('tbody');
    body.append(...rows.slice(0, SHOWN).map((row) => {
      const line = element('tr');
      line.append(...names.map((name) => cell(row[name])));
      return line;
    }));
    const top = element('thead');
    top.append(head);
    made.append(top, body);
    return made;
  };

  // ---- a chart: the first column of numbers, by the first of anything else
  const isNumber = (value) => value && value.type === 'literal' && value.value.trim() !== '' && Number.isFinite(Number(value.value));
  const chart = ({ names, rows }) => {
    const numbers = names.find((name) => rows.some((row) => isNumber(row[name])) && rows.every((row) => !row[name] || isNumber(row[name])));
    if (!numbers) return element('p', 'There is no column of numbers to draw.');
    const labels = names.find((name) => name !== numbers) ?? numbers;
    const some = rows.filter((row) => isNumber(row[numbers])).slice(0, 40);
    const values = some.map((row) => Number(row[numbers].value));
    const low = Math.min(0, ...values);
    const high = Math.max(0, ...values);
    const span = high - low || 1;
    const made = drawn('svg', { viewBox: `0 0 800 ${some.length * 24 + 10}`, role: 'img', 'aria-label': `${numbers} by ${labels}` });
    const zero = 260 + (-low / span) * 460;
    some.forEach((row, at) => {
      const width = (Math.abs(values[at]) / span) * 460;
      const name = row[labels]?.type === 'uri' ? named(row[labels].value) : row[labels]?.value ?? '';
      made.append(
        drawn('text', { x: 250, y: at * 24 + 20, 'text-anchor': 'end', 'font-size': 13 }, short(name, 34)),
        drawn('rect', { class: 'bar', x: values[at] < 0 ? zero - width : zero, y: at * 24 + 7, width: Math.max(1, width), height: 16, rx: 2 }),
        drawn('text', { x: (values[at] < 0 ? zero : zero + width) + 6, y: at * 24 + 20, 'font-size': 12 }, String(values[at])),
      );
    });
    return made;
  };

  // ---- a graph: nodes on circles, those with most relations inside
  const graph = ({ triples }) => {
    const degree = new Map();
    const links = triples.filter(([, , object]) => object.type === 'uri').slice(0, 400);
    for (const [subject, , object] of links) for (const each of [subject.value, object.value]) degree.set(each, (degree.get(each) ?? 0) + 1);
    const nodes = [...degree.keys()].sort((a, b) => degree.get(b) - degree.get(a) || (a < b ? -1 : 1)).slice(0, 80);
    if (!nodes.length) return element('p', 'There are no relations between things to draw.');
    const place = new Map(nodes.map((iri, at) => {
      const ring = at === 0 ? 0 : 1 + Math.floor((Math.sqrt(1 + 8 * (at - 1) / 6) - 1) / 2 + 0.0001);
      const first = ring === 0 ? 0 : 1 + 3 * ring * (ring - 1);
      const turn = ring === 0 ? 0 : ((at - first) / (6 * ring)) * 2 * Math.PI + ring * 0.5;
      return [iri, [400 + Math.cos(turn) * ring * 95, 330 + Math.sin(turn) * ring * 70]];
    }));
    const made = drawn('svg', { viewBox: '-80 -60 960 780', role: 'img', 'aria-label': `${nodes.length} things and their relations` });
    for (const [subject, predicate, object] of links) {
      const from = place.get(subject.value);
      const to = place.get(object.value);
      if (!from || !to) continue;
      const line = drawn('line', { x1: from[0], y1: from[1], x2: to[0], y2: to[1] });
      line.append(drawn('title', {}, `${named(subject.value)} ${named(predicate.value)} ${named(object.value)}`));
      made.append(line);
    }
    for (const [iri, [x, y]] of place) {
      made.append(drawn('circle', { cx: x, cy: y, r: 4 + Math.min(8, degree.get(iri)) }), drawn('text', { x, y: y - 14, 'text-anchor': 'middle', 'font-size': 11 }, short(named(iri), 22)));
    }
    return made;
  };

  // ---- N-Triples, as this server writes them
  const TERM = /<([^>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?/y;
  const unescaped = (text) => text.replace(/\\(u[0-9A-F]{4}|U[0-9A-F]{8}|.)/gi, (_, code) => (
    /^u/i.test(code) && code.length > 1 ? String.fromCodePoint(parseInt(code.slice(1), 16)) : { n: '\n', r: '\r', t: '\t' }[code] ?? code));
  const parsed = (text) => text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => {
    const terms = [];
    let at = 0;
    while (terms.length < 3) {
      TERM.lastIndex = at;
      const match = TERM.exec(line);
      if (!match) return null;
      terms.push(match[1] !== undefined ? { type: 'uri', value: unescaped(match[1]) } : match[2] !== undefined ? { type: 'bnode', value: match[2] } : { type: 'literal', value: unescaped(match[3]) });
      at = TERM.lastIndex + 1;
    }
    return terms;
  }).filter((each) => each);

  const show = (name) => {
    for (const each of views.querySelectorAll('[data-view]')) each.setAttribute('aria-pressed', String(each.dataset.view === name));
    view.replaceChildren({ table, chart, graph }[name](last));
  };
  const run = async () => {
    answer.hidden = false;
    views.hidden = true;
    status.className = '';
    status.textContent = 'Asking …';
    view.replaceChildren();
    const began = performance.now();
    try {
      const reply = await fetch(`${root}sparql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/sparql-query', Accept: 'application/sparql-results+json, application/n-triples;q=0.9' },
        body: query.value,
      });
      const text = await reply.text();
      if (!reply.ok) { status.className = 'wrong'; status.textContent = text; return; }
      const seconds = ((performance.now() - began) / 1000).toFixed(2);
      const cut = reply.headers.get('X-Kbgraph-Cut');
      if ((reply.headers.get('Content-Type') ?? '').includes('n-triples')) {
        const triples = parsed(text);
        last = { names: ['subject', 'predicate', 'object'], rows: triples.map(([subject, predicate, object]) => ({ subject, predicate, object })), triples };
      } else {
        const given = JSON.parse(text);
        if ('boolean' in given) { status.textContent = `${given.boolean ? 'Yes' : 'No'} (${seconds} s)`; return; }
        last = { names: given.head.vars, rows: given.results.bindings, triples: null };
      }
      status.textContent = `${last.rows.length.toLocaleString('en')} rows in ${seconds} s${cut ? ', cut here' : ''}${last.rows.length > SHOWN ? `; the first ${SHOWN} are shown` : ''}`;
      views.hidden = false;
      views.querySelector('[data-view="graph"]').hidden = !last.triples;
      csv.hidden = Boolean(last.triples);
      csv.href = `${root}sparql?format=csv&query=${encodeURIComponent(query.value)}`;
      show('table');
    } catch (error) {
      status.className = 'wrong';
      status.textContent = `The server cannot be reached: ${error.message}`;
    }
  };
  form.addEventListener('submit', (event) => { event.preventDefault(); run(); });
  query.addEventListener('keydown', (event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); } });
  example.addEventListener('change', () => { const text = example.selectedOptions[0].dataset.query; if (text) query.value = text; });
  views.addEventListener('click', (event) => { const name = event.target.dataset?.view; if (name) show(name); });
})();
