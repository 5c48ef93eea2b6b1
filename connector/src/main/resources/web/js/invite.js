/** What the invitation in the address says. It stands in the fragment, so that it reaches no server log. */

/**
 * @param {string} fragment `location.hash`
 * @returns {{token: string, room: string, record: boolean, name: string, codec: string, hasLayers: boolean,
 *   isSmall: boolean, isOriginalSound: boolean}}
 *   `room` and `record` are only for showing, nothing trusts them; `codec` and `layers=0` are for trying things out,
 *   `picture=small` is for weak machines, `sound=original` for music
 */
export function readInvite(fragment) {
  const values = new URLSearchParams(fragment.replace(/^#/, ''));
  const token = values.get('invite') ?? '';
  const {room = '', record = false} = claimsOf(token);
  return {
    token,
    room: String(room),
    record: record === true,
    name: values.get('name') ?? '',
    codec: values.get('codec') ?? '',
    hasLayers: values.get('layers') !== '0',
    isSmall: values.get('picture') === 'small',
    isOriginalSound: values.get('sound') === 'original',
  };
}

/** The payload of a JSON Web Token, unverified; nothing if it cannot be read. */
function claimsOf(token) {
  try {
    const base64 = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) ?? {};
  } catch {
    return {};
  }
}
