/** Bundles the explorer into src/kbgraph/page/assets, the same bytes every time, and lists what is in the bundle. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, version } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, '..', 'src', 'kbgraph', 'page', 'assets');
mkdirSync(out, { recursive: true });

// Where a browser knows no WebGL at all, its names are looked up while the bundle is read.
const banner = 'for(const name of["WebGLRenderingContext","WebGL2RenderingContext"])globalThis[name]??=class{};';

const made = await build({
  absWorkingDir: here,
  entryPoints: { explorer: 'src/main.js', style: 'src/style.css' },
  bundle: true,
  format: 'iife',
  target: ['es2022'],
  minify: true,
  legalComments: 'none',
  charset: 'ascii',
  banner: { js: banner },
  outdir: out,
  write: false,
  metafile: true,
});
for (const file of made.outputFiles) writeFileSync(file.path, file.contents);

const lock = JSON.parse(readFileSync(join(here, 'package-lock.json'), 'utf8'));
const names = new Set(Object.keys(made.metafile.inputs)
  .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter((name) => name));
const packages = [...names].sort().map((name) => {
  const { version: at, license, integrity } = lock.packages[`node_modules/${name}`];
  const folder = join(here, 'node_modules', name);
  const text = readdirSync(folder).filter((file) => /^licen[cs]e/i.test(file)).sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return { name, version: at, license, integrity, text: text[0] ?? '' };
});
const hash = (contents) => `sha512-${createHash('sha512').update(contents).digest('base64')}`;
const listing = {
  bundler: `esbuild ${version}`,
  files: made.outputFiles.map(({ path, contents }) => ({ name: path.split(/[\\/]/).pop(), bytes: contents.length, integrity: hash(contents) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
  packages,
};
writeFileSync(join(out, 'bundle.json'), `${JSON.stringify(listing, null, 1)}\n`);
