/** What the meeting page says. Pure. */

const ENDS = {
  left: 'You have left the meeting',
  replaced: 'You have joined this meeting in another window',
  kicked: 'You were removed from the meeting',
  room_closed: 'The meeting was closed',
};

/**
 * @param {{state: string, askedBy: ?string, isTapingMe: boolean}} recording
 * @param {string} self own name
 * @returns {string} empty when there is none
 */
export function recordingWords({state, askedBy, isTapingMe}, self) {
  if (state === 'none') {
    return '';
  }
  const asker = askedBy === null ? '' : `, asked for by ${askedBy === self ? 'you' : askedBy}`;
  const what = {armed: 'Recording is about to begin', paused: 'The recording is paused'}[state] ?? 'Recording';
  return `${what}${asker}${isTapingMe || state !== 'recording' ? '' : '. You are not on the tape'}`;
}

/**
 * @param {import('./tapedeck/tapedeck.js').End} end of a meeting; `detail` is what an administrator had to say
 * @returns {string}
 */
export function endWords({reason, error, detail}) {
  if (reason === 'refused') {
    return `The server does not let you in any more: ${error?.message ?? 'it gave no reason'}. Ask for a new invitation.`;
  }
  const words = ENDS[reason] ?? 'The connection was lost and could not be restored';
  return detail ? `${words}: ${detail}` : `${words}.`;
}

/**
 * Why joining failed.
 *
 * @param {Error & {code?: string, words?: string}} error of our API or of the client module
 */
export function joinWords(error) {
  switch (error.code) {
    case 'token_refused':
    case 'forbidden':
      return `The invitation is not accepted: ${error.message}. Ask for a new one.`;
    case 'unreachable':
    case 'timed_out':
    case 'connection_lost':
      return `No connection to the media server: ${error.message}. Check the network and try again.`;
    case 'busy':
      return `The server is busy: ${error.message}. Try again in a moment.`;
    default:
      return error.isDenied ? `${error.words}. Ask for a new invitation.` : error.words ?? error.message;
  }
}

/**
 * What is wrong with the connection while the meeting goes on.
 *
 * @param {string} state of the meeting
 * @param {?Error} cause of a break
 * @param {boolean} isMoving the server will stop
 * @returns {string} empty when all is well
 */
export function connectionWords(state, cause, isMoving) {
  if (state === 'reconnecting') {
    return `The connection is interrupted. Reconnecting… (${cause?.message ?? 'no reason known'})`;
  }
  return isMoving ? 'The server is about to restart. You will be reconnected.' : '';
}

/** @param {?string} signal @param {boolean} isOwn @returns {string} for readers and the pointer */
export function signalWords(signal, isOwn) {
  const whose = isOwn ? 'Your connection' : 'Connection';
  return signal === null ? '' : `${whose}: ${signal}`;
}
