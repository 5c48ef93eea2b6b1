/** What is shown of the others. Pure. */

/**
 * One tile: sound and picture of a person that belong together.
 *
 * @typedef {{key: string, peer: string, part: string, audio: ?string, video: ?string}} View
 *   `audio` and `video` are names of tracks; `part` is `main` for camera and microphone, `screen` for a shared screen
 */

export const MAIN = 'main';
export const SCREEN = 'screen';

/**
 * The tiles to show: one for every peer, even without tracks, and one more for each further pair of tracks.
 *
 * @param {Iterable<{name: string, tracks: ReadonlyMap<string, {kind: string}>}>} peers
 * @param {number} seats how many tiles there is room for
 * @returns {{views: View[], unseated: View[]}} what is shown, screens first, else in the order of the peers; and the rest
 */
export function viewsOf(peers, seats) {
  const all = [...peers].flatMap(viewsOfPeer);
  const inOrder = [...all.filter(({part}) => part === SCREEN), ...all.filter(({part}) => part !== SCREEN)];
  return {views: inOrder.slice(0, seats), unseated: inOrder.slice(seats)};
}

/**
 * The tracks of a view.
 *
 * @param {View} view
 * @returns {{peer: string, name: string, kind: 'audio' | 'video'}[]}
 */
export function tracksOf({peer, audio, video}) {
  return [
    ...audio === null ? [] : [{peer, name: audio, kind: 'audio'}],
    ...video === null ? [] : [{peer, name: video, kind: 'video'}],
  ];
}

function viewsOfPeer({name: peer, tracks}) {
  const views = new Map([[MAIN, emptyView(peer, MAIN)]]);
  for (const [name, {kind}] of tracks) {
    const part = partOf(name);
    views.set(part, {...views.get(part) ?? emptyView(peer, part), [kind]: name});
  }
  return [...views.values()];
}

function emptyView(peer, part) {
  return {key: JSON.stringify([peer, part]), peer, part, audio: null, video: null};
}

/** `audio_main` and `video_main` belong together, as do `audio_screen` and `video_screen`. */
function partOf(name) {
  return name.slice(name.indexOf('_') + 1);
}
