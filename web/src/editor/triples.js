/** N-Triples, as this server writes them, to rows. */

const TERM = /<([^>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?/y;
const LETTERS = /** @type {Record<string, string>} */ ({ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' });

/** @param {string} text */
const unescaped = (text) => text.replace(/\\(u[0-9A-F]{4}|U[0-9A-F]{8}|.)/gi, (_, code) =>
  (code.length > 1 ? String.fromCodePoint(parseInt(code.slice(1), 16)) : LETTERS[code] ?? code));

/** @param {RegExpExecArray} found @returns {import('./terms.js').Term} */
function termOf([, iri, blank, literal, language, datatype]) {
  if (iri !== undefined) return { type: 'uri', value: unescaped(iri) };
  if (blank !== undefined) return { type: 'bnode', value: blank };
  return { type: 'literal', value: unescaped(literal), ...(language && { 'xml:lang': language }), ...(datatype && { datatype }) };
}

/** @param {string} text @returns {import('./asking.js').Row[]} */
export function triplesOf(text) {
  return text.split('\n').filter(Boolean).map((line) => {
    const terms = [];
    TERM.lastIndex = 0;
    for (let found = TERM.exec(line); found; found = TERM.exec(line)) {
      terms.push(termOf(found));
      TERM.lastIndex += 1;
    }
    const [subject, predicate, object] = terms;
    return { subject, predicate, object };
  });
}
