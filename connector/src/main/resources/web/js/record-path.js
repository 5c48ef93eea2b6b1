/** The path of a recording in the store, as `POST /api/convert/job` takes it. Pure. */

/** @param {{app: string, room: string, id: number}} recording @returns {string} `<app>/<room>/<recording>`, escaped */
export function recordPath({app, room, id}) {
  return [app, room, String(id)].map(keySegment).join('/');
}

/**
 * All UTF-8 bytes but letters, digits, '.', '_' and '-' as %XX; a segment must not read as a step up or down either. The
 * composer shortens what is too long for a key.
 */
function keySegment(text) {
  if (text === '.' || text === '..') {
    return text.replaceAll('.', '%2E');
  }
  const percent = (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*~]/g, percent);
}
