/** Bundles what browsers run into the package, the same bytes every time, and lists what is in each bundle. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, version } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, '..', 'src', 'kbgraph');

/** Each folder of the package, and what is bundled into it. */
const BUNDLES = {
  'page/assets': { explorer: 'src/main.js', style: 'src/style.css' },
  'serve/bundle': { explore: 'src/live.js', editor: 'src/editor/main.js', 'editor-style': 'src/editor/style.css' },
};

// Where a browser knows no WebGL at all, its names are looked up while the bundle is read.
const banner = 'for(const name of["WebGLRenderingContext","WebGL2RenderingContext"])globalThis[name]??=class{};';

const lock = JSON.parse(readFileSync(join(here, 'package-lock.json'), 'utf8'));
const hash = (contents) => `sha512-${createHash('sha512').update(contents).digest('base64')}`;
const namesIn = (paths) => new Set(paths.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean));

for (const [folder, entryPoints] of Object.entries(BUNDLES)) {
  const made = await build({
    absWorkingDir: here,
    entryPoints,
    bundle: true,
    format: 'iife',
    target: ['es2022'],
    minify: true,
    legalComments: 'none',
    charset: 'ascii',
    banner: folder === 'page/assets' ? { js: banner } : {},
    outdir: join(out, folder),
    write: false,
    metafile: true,
  });
  mkdirSync(join(out, folder), { recursive: true });
  for (const file of made.outputFiles) writeFileSync(file.path, file.contents);
  const listing = {
    bundler: `esbuild ${version}`,
    files: made.outputFiles.map(({ path, contents }) => ({ name: path.split(/[\\/]/).pop(), bytes: contents.length, integrity: hash(contents) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    packages: packagesIn(Object.keys(made.metafile.inputs)),
  };
  writeFileSync(join(out, folder, 'bundle.json'), `${JSON.stringify(listing, null, 1)}\n`);
}

/** The packages that some files are from; and those that these were made from by their authors, which lie within them. */
function packagesIn(inputs) {
  /** @type {Map<string, string | undefined>} */ const found = new Map([...namesIn(inputs)].map((name) => [name, undefined]));
  for (const input of inputs.filter((path) => existsSync(join(here, `${path}.map`)))) {
    const [owner] = namesIn([input]);
    for (const name of namesIn(JSON.parse(readFileSync(join(here, `${input}.map`), 'utf8')).sources)) {
      if (!found.has(name)) found.set(name, owner);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, within]) => {
    const { version: at, license, integrity } = lock.packages[`node_modules/${name}`];
    return { name, version: at, license, integrity, ...(within && { within }), text: licenceOf(join(here, 'node_modules', name), license) };
  });
}

/** The licence of a package as its file says; without a file, the text that its name stands for. */
function licenceOf(folder, license) {
  const file = readdirSync(folder).filter((name) => /^licen[cs]e/i.test(name)).sort()[0];
  if (file) return readFileSync(join(folder, file), 'utf8').trim();
  const { author, contributors = [] } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const holders = [author, ...contributors].map((each) => each?.name ?? each).join(', ');
  const text = readFileSync(join(here, 'licences', `${license}.txt`), 'utf8').trim();
  return `Copyright (c) ${holders}\n\n${text}`;
}
