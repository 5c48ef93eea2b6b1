/** What applications are told when something fails. */

const FINAL = ['bad_options', 'token_refused', 'forbidden', 'request_refused', 'refused', 'closed', 'aborted'];

export class TapedeckError extends Error {
  name = 'TapedeckError';
  status;
  serverName;
  retryAfterMillis;

  /**
   * @param {import('../tapedeck.js').TapedeckError['code']} code
   * @param {string} message for people: what happened and what would help
   * @param {{status?: number, serverName?: string, retryAfterMillis?: number, cause?: unknown}} [details]
   */
  constructor(code, message, {status = null, serverName = null, retryAfterMillis = null, cause} = {}) {
    super(message, {cause});
    this.code = code;
    this.status = status;
    this.serverName = serverName;
    this.retryAfterMillis = retryAfterMillis;
  }

  get isFinal() {
    return FINAL.includes(this.code);
  }
}

export const closed = () => new TapedeckError('closed', 'the meeting is over');
export const connectionLost = (why) =>
  new TapedeckError('connection_lost', `the connection to the media server broke: ${why}`);
export const timedOut = (what, millis) =>
  new TapedeckError('timed_out', `${what} took longer than ${Math.round(millis / 1000)} s`);

/** What a browser or an application threw, as ours; ours stay as they are. */
export const wrapped = (code, what, cause) => cause instanceof TapedeckError ? cause
  : new TapedeckError(code, `${what}: ${cause?.message ?? cause}`, {cause});
