/**
 * Two pens for one picture: on a canvas, and into the text of an SVG file.
 *
 * @typedef {object} Pen
 * @property {(x1: number, y1: number, x2: number, y2: number, colour: string, width: number) => void} line
 * @property {(x: number, y: number, radius: number, fill: string, stroke: string, width: number) => void} circle
 * @property {(points: number[][], fill: string, stroke: string, width: number) => void} polygon
 * @property {(text: string, x: number, y: number, style: TextStyle) => void} text  its middle line at y
 * @property {(text: string, size: number, bold: boolean) => number} measure
 *
 * @typedef {{size: number, colour: string, halo: string, align: 'left' | 'right' | 'center', bold: boolean, italic: boolean}} TextStyle
 */
import { FONT } from './theme.js';

/** @param {number} size @param {boolean} bold @param {boolean} italic */
const fontOf = (size, bold, italic) => `${italic ? 'italic ' : ''}${bold ? '600' : '400'} ${size}px ${FONT}`;

/** @param {CanvasRenderingContext2D} context @returns {Pen} */
export function canvasPen(context) {
  const finish = (/** @type {string} */ fill, /** @type {string} */ stroke, /** @type {number} */ width) => {
    if (fill) {
      context.fillStyle = fill;
      context.fill();
    }
    if (stroke && width) {
      context.strokeStyle = stroke;
      context.lineWidth = width;
      context.stroke();
    }
  };
  return {
    line(x1, y1, x2, y2, colour, width) {
      context.beginPath();
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
      finish('', colour, width);
    },
    circle(x, y, radius, fill, stroke, width) {
      context.beginPath();
      context.arc(x, y, Math.max(0, radius), 0, 2 * Math.PI);
      finish(fill, stroke, width);
    },
    polygon(points, fill, stroke, width) {
      context.beginPath();
      points.forEach(([x, y], n) => (n ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.closePath();
      finish(fill, stroke, width);
    },
    text(text, x, y, { size, colour, halo, align, bold, italic }) {
      context.font = fontOf(size, bold, italic);
      context.textAlign = align;
      context.textBaseline = 'middle';
      context.lineJoin = 'round';
      context.lineWidth = 4;
      context.strokeStyle = halo;
      context.strokeText(text, x, y);
      context.fillStyle = colour;
      context.fillText(text, x, y);
    },
    measure(text, size, bold) {
      context.font = fontOf(size, bold, false);
      return context.measureText(text).width;
    },
  };
}

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');

/** @param {number} value */
const short = (value) => String(Math.round(value * 10) / 10);

/**
 * @param {number} width @param {number} height @param {string} background @param {string} title
 * @param {Pen} ruler measures texts
 * @returns {{pen: Pen, done: () => string}}
 */
export function svgPen(width, height, background, title, ruler) {
  /** @type {string[]} */ const lines = [];
  const style = (/** @type {string} */ fill, /** @type {string} */ stroke, /** @type {number} */ line) =>
    `fill="${fill || 'none'}"${stroke && line ? ` stroke="${stroke}" stroke-width="${short(line)}"` : ''}`;
  /** @type {Pen} */ const pen = {
    line: (x1, y1, x2, y2, colour, line) =>
      lines.push(`<line x1="${short(x1)}" y1="${short(y1)}" x2="${short(x2)}" y2="${short(y2)}" ${style('', colour, line)}/>`),
    circle: (x, y, radius, fill, stroke, line) =>
      lines.push(`<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius)}" ${style(fill, stroke, line)}/>`),
    polygon: (points, fill, stroke, line) =>
      lines.push(`<polygon points="${points.map((each) => each.map(short).join(',')).join(' ')}" ${style(fill, stroke, line)}/>`),
    text: (text, x, y, { size, colour, halo, align, bold, italic }) =>
      lines.push(
        `<text x="${short(x)}" y="${short(y)}" dy="0.35em" font-size="${size}" fill="${colour}" stroke="${halo}" stroke-width="4" ` +
          `stroke-linejoin="round" paint-order="stroke" text-anchor="${{ left: 'start', right: 'end', center: 'middle' }[align]}"` +
          `${bold ? ' font-weight="600"' : ''}${italic ? ' font-style="italic"' : ''}>${escaped(text)}</text>`,
      ),
    measure: ruler.measure,
  };
  const [w, h] = [short(width), short(height)];
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" font-family="${escaped(FONT)}">` +
    `<title>${escaped(title)}</title><rect width="${w}" height="${h}" fill="${background}"/>`;
  return { pen, done: () => `${head}\n${lines.join('\n')}\n</svg>\n` };
}
