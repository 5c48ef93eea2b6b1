/** Who sits where in the fixed pool of m-lines. Pure. */

/**
 * One tile: a peer's sound and picture that belong together.
 *
 * @typedef {{key: string, peer: string, part: string, audio: ?string, video: ?string, codec: string}} View
 *   `audio` and `video` are names of tracks; `part` is `main` for camera and microphone
 */

const MAIN = 'main';

/**
 * The tiles to show: one for every peer, even without tracks, and one more for each further pair of tracks.
 *
 * @param {{peer: string, tracks: Map<string, {kind: string, codec: string}>}[]} peers
 * @returns {View[]} in the order of the peers
 */
export function viewsOf(peers) {
  return peers.flatMap(({peer, tracks}) => {
    const views = new Map([[MAIN, emptyView(peer, MAIN)]]);
    for (const [name, {kind, codec}] of tracks) {
      const part = partOf(name);
      const view = views.get(part) ?? emptyView(peer, part);
      views.set(part, {...view, [kind]: name, codec: kind === 'video' ? codec : view.codec});
    }
    return [...views.values()].filter((view) => view.part === MAIN || hasMedia(view));
  });
}

/**
 * Gives every view with media a seat. Who sits keeps the seat, so that nobody's picture moves to another m-line; who
 * comes takes the first free one.
 *
 * @param {(?View)[]} seats as they are, null where free; its length is the size of the pool
 * @param {View[]} views
 * @returns {{seats: (?View)[], unseated: View[]}} the views that found no seat, in their order
 */
export function assignSeats(seats, views) {
  const wanted = new Map(views.filter(hasMedia).map((view) => [view.key, view]));
  const assigned = seats.map((seat) => (seat && wanted.get(seat.key)) ?? null);
  assigned.forEach((seat) => seat && wanted.delete(seat.key));
  for (const [key, view] of wanted) {
    const free = assigned.indexOf(null);
    if (free < 0) {
      break;
    }
    assigned[free] = view;
    wanted.delete(key);
  }
  return {seats: assigned, unseated: [...wanted.values()]};
}

/**
 * The body of `PUT …/slots`: every m-line of the pool, those without a source with peer null.
 *
 * @param {(?View)[]} seats
 * @param {{audio: string, video: string}[]} mids of each seat
 */
export function slotsOf(seats, mids) {
  return mids.flatMap(({audio, video}, at) => [
    slot(audio, seats[at]?.peer, seats[at]?.audio),
    slot(video, seats[at]?.peer, seats[at]?.video),
  ]);
}

function slot(mid, peer, track) {
  return track ? {mid, peer, track} : {mid, peer: null};
}

function emptyView(peer, part) {
  return {key: JSON.stringify([peer, part]), peer, part, audio: null, video: null, codec: ''};
}

/** `audio_main` and `video_main` belong together, as do `audio_2` and `video_2`. */
function partOf(name) {
  return name.slice(name.indexOf('_') + 1);
}

function hasMedia({audio, video}) {
  return audio !== null || video !== null;
}
