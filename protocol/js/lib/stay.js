/** What an application has to say to enter a room. */

import {TapedeckError} from './errors.js';

/** @param {import('../tapedeck.js').ConnectOptions} options */
export function requireOptions(options) {
  requireStay(options);
  const outputs = options.mixer?.outputs ?? 1;
  if (!Number.isInteger(outputs) || outputs < 1) {
    throw new TapedeckError('bad_options', `mixer.outputs is a count of speakers, not ${outputs}`);
  }
}

/** @param {import('../tapedeck.js').Stay} stay */
export function requireStay({room, peer, token}) {
  const problems = [
    ...typeof room === 'string' && room ? [] : ['room'],
    ...typeof peer === 'string' && peer ? [] : ['peer'],
    ...typeof token === 'string' && token || typeof token === 'function' ? [] : ['token'],
  ];
  if (problems.length > 0) {
    throw new TapedeckError('bad_options', `${problems.join(', ')} must be given`);
  }
}

/** As `session.RoomJoin`. @param {import('../tapedeck.js').Stay} stay @param {?import('./mixer.js').Mixer} mixer */
export function toJoin({room, peer, metadata, shows = {}, sees = {}}, mixer) {
  return {
    room,
    peer,
    publish: {peer: shows.peer ?? true, tracks: shows.tracks ?? true},
    subscribe: {peers: sees.peers ?? true, tracks: sees.tracks ?? true},
    features: mixer ? {mixer: mixer.toMessage()} : {},
    metadata,
  };
}
