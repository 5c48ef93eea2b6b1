/** What applications say, before anything is made of it: whatever is wrong is told at once, as `bad_options`. */

import {TapedeckError} from './errors.js';

/** @param {string} problem what there is to change @throws {TapedeckError} unless it is right */
export function requireThat(isRight, problem) {
  if (!isRight) {
    throw new TapedeckError('bad_options', problem);
  }
}

/** A whole number, from 0 or from more. */
export function requireCount(name, value, least = 0) {
  requireThat(Number.isInteger(value) && value >= least, `${name} is a whole number from ${least}, not ${value}`);
}

/** A text; nothing is one too. */
export function requireText(name, value) {
  requireThat(typeof (value ?? '') === 'string', `${name} is a text, not ${value}`);
}

/** @param {import('../tapedeck.js').TrackName[]} tracks */
export function requireTracks(name, tracks) {
  requireThat(Array.isArray(tracks), `${name} is a list of tracks, not ${tracks}`);
  tracks.forEach((track) => requireTrack(`each of ${name}`, track));
}

/** @param {import('../tapedeck.js').TrackName} track */
export function requireTrack(name, track) {
  requireThat([track?.peer, track?.name].every((each) => typeof each === 'string' && each),
    `${name} has the name of a peer and its own`);
}
