/** Tiles on a stage. Pure. */

/**
 * The number of columns with which tiles become as large as they can.
 *
 * @param {number} count tiles, at least 1
 * @param {number} width of the stage, CSS pixels
 * @param {number} height of the stage, CSS pixels
 * @param {number} [gap] between tiles, CSS pixels
 * @param {number} [aspect] width of a tile by its height
 * @returns {{columns: number, tileWidth: number}} the tile width in whole CSS pixels
 */
export function gridFor(count, width, height, gap = 0, aspect = 16 / 9) {
  let best = {columns: 1, tileWidth: 0};
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const byWidth = (width - gap * (columns - 1)) / columns;
    const byHeight = (height - gap * (rows - 1)) / rows * aspect;
    const tileWidth = Math.max(0, Math.floor(Math.min(byWidth, byHeight)));
    if (tileWidth > best.tileWidth) {
      best = {columns, tileWidth};
    }
  }
  return best;
}
