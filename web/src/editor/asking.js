/**
 * Questions to the endpoint, and its answers as values.
 *
 * @typedef {import('./terms.js').Term} Term
 * @typedef {Record<string, Term>} Row
 *
 * @typedef {object} Answer
 * @property {string[]} names       of the columns
 * @property {Row[]} rows
 * @property {boolean} triples      whether the rows are triples: of CONSTRUCT and DESCRIBE
 * @property {boolean | null} truth of ASK; null for anything else
 * @property {string} text          as it came
 * @property {boolean} cut          whether the server sent the beginning alone
 * @property {number} seconds
 */
import { triplesOf } from './triples.js';

const ROWS = 'application/sparql-results+json';
const TRIPLES = 'application/n-triples';

/** A mistake in a query, or why it was not answered; line and column where the server names them. */
export class Refused extends Error {
  /** @param {string} text as the server says it */
  constructor(text) {
    const [, line, column, message] = /^query:(\d+):(\d+): ([^\n]*)/.exec(text) ?? [null, '0', '0', text.trim()];
    super(message);
    this.line = Number(line);
    this.column = Number(column);
  }
}

/** @param {string} endpoint @param {string} query @param {AbortSignal} signal @returns {Promise<Answer>} */
export async function ask(endpoint, query, signal) {
  const began = performance.now();
  const reply = await fetch(endpoint, {
    method: 'POST', signal, body: query,
    headers: { 'Content-Type': 'application/sparql-query', Accept: `${ROWS}, ${TRIPLES};q=0.9` },
  });
  const text = await reply.text();
  if (!reply.ok) throw new Refused(text);
  const seconds = (performance.now() - began) / 1000;
  const more = { text, seconds, cut: reply.headers.has('X-Kbgraph-Cut'), truth: null };
  if (reply.headers.get('Content-Type')?.startsWith(TRIPLES)) {
    return { ...more, names: ['subject', 'predicate', 'object'], rows: triplesOf(text), triples: true };
  }
  const given = JSON.parse(text);
  if (typeof given.boolean === 'boolean') return { ...more, names: [], rows: [], triples: false, truth: given.boolean };
  return { ...more, names: given.head.vars, rows: given.results.bindings, triples: false };
}

/** What things are called, for those that have a name. @param {string} endpoint @param {string[]} iris @returns {Promise<Map<string, string>>} */
export async function namesFor(endpoint, iris) {
  const things = iris.filter((iri) => /^https?:[^\s<>"{}|\\^`]+$/.test(iri)).map((iri) => `<${iri}>`);
  if (!things.length) return new Map();
  const query = `SELECT ?thing (MIN(STR(?called)) AS ?name) {
    VALUES ?thing { ${things.join(' ')} } ?thing schema:headline|schema:name|skos:prefLabel|schema:text ?called } GROUP BY ?thing`;
  const { rows } = await ask(endpoint, query, AbortSignal.timeout(10_000));
  return new Map(rows.map(({ thing, name }) => [thing.value, name.value]));
}

/** The forms in which an answer can be had: name, what the endpoint calls it, ending. @param {Answer} answer @returns {[string, string, string][]} */
export const formsOf = ({ triples, truth }) => {
  if (triples) return [['Turtle', 'turtle', 'ttl'], ['JSON-LD', 'jsonld', 'jsonld'], ['N-Triples', 'nt', 'nt'], ['RDF/XML', 'rdfxml', 'rdf']];
  return [['JSON', 'json', 'json'], ['XML', 'xml', 'xml'], ...(truth === null ? /** @type {[string, string, string][]} */ ([['CSV', 'csv', 'csv'], ['TSV', 'tsv', 'tsv']]) : [])];
};

/** An answer in a form, as a file. @param {string} endpoint @param {string} query @param {string} form @returns {Promise<Blob>} */
export async function fileOf(endpoint, query, form) {
  const reply = await fetch(endpoint, { method: 'POST', body: new URLSearchParams({ query, format: form }) });
  if (!reply.ok) throw new Refused(await reply.text());
  return reply.blob();
}
