/** The HTTP requests of the session protocol: to connect, and to restart ICE. */

import {decode, encode} from './codec.js';
import {TapedeckError, timedOut} from './errors.js';
import {valueOf} from './platform.js';

const REQUEST_MILLIS = 10_000;
const VERSION = 'tapedeck-js@0.1.0';

export class Gateway {
  #platform;
  #url;

  /**
   * @param {import('../tapedeck.js').Platform} platform
   * @param {import('../tapedeck.js').Provided<string>} url origin of the media server
   */
  constructor(platform, url) {
    this.#platform = platform;
    this.#url = url;
  }

  /**
   * @param {string} token
   * @param {{join?: object, tracks: object, sdp: string}} request as in `gateway.ConnectRequest`
   * @returns {Promise<{origin: string, connId: string, sdp: string}>} `origin` is where this connection lives
   * @throws {TapedeckError}
   */
  async connect(token, request) {
    const origin = new URL(await valueOf(this.#url)).origin;
    return {origin, ...await this.#post(`${origin}/webrtc/connect`, token, request)};
  }

  /** The same for new ICE credentials of a connection; another `connId` in the answer: the server began anew. */
  restart({origin, connId}, token, request) {
    return this.#post(`${origin}/webrtc/${encodeURIComponent(connId)}/restart-ice`, token, request);
  }

  async #post(url, token, request) {
    const body = encode('gateway.ConnectRequest', {version: VERSION, ...request});
    const headers = {Authorization: `Bearer ${token}`, 'Content-Type': 'application/octet-stream'};
    const aborter = new AbortController();
    const timer = this.#platform.setTimeout(() => aborter.abort(), REQUEST_MILLIS);
    try {
      const response = await this.#platform.fetch(url, {method: 'POST', headers, body, signal: aborter.signal});
      if (!response.ok) {
        throw refusal(response.status, await response.text());
      }
      return decode('gateway.ConnectResponse', new Uint8Array(await response.arrayBuffer()));
    } catch (cause) {
      throw aborter.signal.aborted ? timedOut('the media server’s answer', REQUEST_MILLIS) : problem(url, cause);
    } finally {
      this.#platform.clearTimeout(timer);
    }
  }
}

function problem(url, cause) {
  return cause instanceof TapedeckError ? cause
    : new TapedeckError('unreachable', `${new URL(url).origin} cannot be reached: ${cause.message}`, {cause});
}

/** Bodies are the reference's `Code: 8192, Message: InvalidSdp`, plain text, or our JSON. */
function refusal(status, body) {
  const serverName = body.match(/^Code: \d+, Message: (\w+)$/)?.[1] ?? null;
  const words = `the media server said ${status}: ${serverName ?? wordsOf(body)}`;
  return new TapedeckError(codeOf(status), words, {status, serverName});
}

function wordsOf(body) {
  try {
    const {message, error} = JSON.parse(body);
    return message ?? error ?? body;
  } catch {
    return body;
  }
}

function codeOf(status) {
  switch (status) {
    case 401:
      return 'token_refused';
    case 403:
      return 'forbidden';
    case 429:
    case 503:
      return 'busy';
    default:
      return status >= 500 ? 'unreachable' : 'refused';
  }
}
