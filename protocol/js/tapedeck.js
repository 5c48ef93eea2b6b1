/** @tapedeck/client: see README.md; types and units are in tapedeck.d.ts. */

import {Meeting} from './lib/meeting.js';

export {TapedeckError} from './lib/errors.js';

/**
 * Connects and joins a room.
 *
 * @param {import('./tapedeck.js').ConnectOptions} options
 * @returns {Promise<import('./tapedeck.js').Meeting>}
 */
export async function connect(options) {
  const meeting = new Meeting(options);
  await meeting.start();
  return meeting;
}
