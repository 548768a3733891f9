/** The WebGL program that draws each node in the shape of its kind: one point each, cut out by its distance to the edge. */
import { NodeProgram } from 'sigma/rendering';
import { floatColor } from 'sigma/utils';
import { SHAPE_NUMBERS } from './shapes.js';

const VERTEX = /* glsl */ `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;
uniform float u_sizeRatio;
uniform float u_pixelRatio;
uniform mat3 u_matrix;
varying vec4 v_color;
varying float v_shape;
varying float v_pixel;
void main() {
  gl_Position = vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
  float radius = a_size / u_sizeRatio * u_pixelRatio;
  gl_PointSize = radius * 2.4;
  v_pixel = 1.0 / max(radius, 0.5);
  v_shape = a_shape;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= 255.0 / 254.0;
}`;

const FRAGMENT = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying float v_shape;
varying float v_pixel;
float box(vec2 p, vec2 half_size) {
  vec2 d = abs(p) - half_size;
  return max(d.x, d.y);
}
float triangle(vec2 p) {
  return max(p.y - 0.8, 0.875 * abs(p.x) - 0.485 * p.y - 0.53);
}
void main() {
  vec2 p = (gl_PointCoord - 0.5) * 2.4;
  float d;
  if (v_shape < 0.5) d = length(p) - 1.0;
  else if (v_shape < 1.5) d = box(p, vec2(0.84));
  else if (v_shape < 2.5) d = (abs(p.x) + abs(p.y) - 1.1) * 0.7071;
  else if (v_shape < 3.5) d = triangle(p);
  else if (v_shape < 4.5) d = max(abs(p.y) - 0.909, abs(p.x) * 0.866 + abs(p.y) * 0.5 - 0.909);
  else if (v_shape < 5.5) d = box(p, vec2(1.15, 0.7));
  else if (v_shape < 6.5) d = min(box(p, vec2(0.38, 1.1)), box(p, vec2(1.1, 0.38)));
  else d = triangle(vec2(p.x, -p.y));
  #ifdef PICKING_MODE
  if (d > 0.0) discard;
  gl_FragColor = v_color;
  #else
  float cover = clamp(0.5 - d / v_pixel, 0.0, 1.0);
  gl_FragColor = v_color * cover;
  #endif
}`;

/** @type {any} sigma reads it from the class, which is not there where WebGL is not */
const GL = globalThis.WebGLRenderingContext;

export class ShapeProgram extends NodeProgram {
  getDefinition() {
    return {
      VERTICES: 1,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: GL.POINTS,
      UNIFORMS: ['u_sizeRatio', 'u_pixelRatio', 'u_matrix'],
      ATTRIBUTES: [
        { name: 'a_position', size: 2, type: GL.FLOAT },
        { name: 'a_size', size: 1, type: GL.FLOAT },
        { name: 'a_color', size: 4, type: GL.UNSIGNED_BYTE, normalized: true },
        { name: 'a_id', size: 4, type: GL.UNSIGNED_BYTE, normalized: true },
        { name: 'a_shape', size: 1, type: GL.FLOAT },
      ],
    };
  }

  /** @param {number} index @param {number} start @param {any} data */
  processVisibleItem(index, start, data) {
    const { array } = this;
    array[start] = data.x;
    array[start + 1] = data.y;
    array[start + 2] = data.size;
    array[start + 3] = floatColor(data.color);
    array[start + 4] = index;
    array[start + 5] = SHAPE_NUMBERS[/** @type {keyof typeof SHAPE_NUMBERS} */ (data.kind)] ?? 0;
  }

  /** @param {any} params @param {any} program */
  setUniforms({ sizeRatio, pixelRatio, matrix }, { gl, uniformLocations }) {
    gl.uniform1f(uniformLocations.u_sizeRatio, sizeRatio);
    gl.uniform1f(uniformLocations.u_pixelRatio, pixelRatio);
    gl.uniformMatrix3fv(uniformLocations.u_matrix, false, matrix);
  }
}
