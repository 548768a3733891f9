/**
 * The shape of each kind of node, so that colour is never all that tells them apart.
 *
 * A shape is a polygon in the unit circle; `null` is the circle itself.
 *
 * @type {Record<string, [number, number][] | null>}
 */
export const SHAPES = {
  article: null,
  source: [[-0.84, -0.84], [0.84, -0.84], [0.84, 0.84], [-0.84, 0.84]],
  fact: [[0, -1.1], [1.1, 0], [0, 1.1], [-1.1, 0]],
  person: [[0, -1.1], [1.05, 0.8], [-1.05, 0.8]],
  organisation: Array.from({ length: 6 }, (_, n) => /** @type {[number, number]} */ ([Math.cos((n * Math.PI) / 3) * 1.05, Math.sin((n * Math.PI) / 3) * 1.05])),
  category: [[-1.15, -0.7], [1.15, -0.7], [1.15, 0.7], [-1.15, 0.7]],
  software: [[-0.38, -1.1], [0.38, -1.1], [0.38, -0.38], [1.1, -0.38], [1.1, 0.38], [0.38, 0.38], [0.38, 1.1], [-0.38, 1.1], [-0.38, 0.38], [-1.1, 0.38], [-1.1, -0.38], [-0.38, -0.38]],
  entity: [[0, 1.1], [1.05, -0.8], [-1.05, -0.8]],
};

/** The number by which the shader knows each shape. */
export const SHAPE_NUMBERS = { article: 0, source: 1, fact: 2, person: 3, organisation: 4, category: 5, software: 6, entity: 7 };
