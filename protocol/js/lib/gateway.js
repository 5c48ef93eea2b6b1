/** The HTTP requests of the session protocol: to connect, and to restart ICE. */

import {decode, encode} from './codec.js';
import {TapedeckError, timedOut, wrapped} from './errors.js';
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
   * @param {AbortSignal} signal nothing is sent once it is aborted; rejects with its reason
   * @returns {Promise<{origin: string, connId: string, sdp: string}>} `origin` is where this connection lives
   * @throws {TapedeckError}
   */
  async connect(token, request, signal) {
    const origin = originOf(await valueOf(this.#platform, 'url', this.#url, signal));
    return {origin, ...await this.#post(`${origin}/webrtc/connect`, token, request, signal)};
  }

  /** The same for new ICE credentials of a connection; another `connId` in the answer: the server began anew. */
  restart({origin, connId}, token, request, signal) {
    return this.#post(`${origin}/webrtc/${encodeURIComponent(connId)}/restart-ice`, token, request, signal);
  }

  async #post(url, token, request, signal) {
    signal.throwIfAborted();
    const body = bodyOf(request);
    const headers = {Authorization: `Bearer ${token}`, 'Content-Type': 'application/octet-stream'};
    const aborter = new AbortController();
    const abort = () => aborter.abort();
    const timer = this.#platform.setTimeout(abort, REQUEST_MILLIS);
    signal.addEventListener('abort', abort, {once: true});
    try {
      const response = await this.#platform.fetch(url, {method: 'POST', headers, body, signal: aborter.signal});
      if (!response.ok) {
        throw refusal(response, await response.text());
      }
      return decode('gateway.ConnectResponse', new Uint8Array(await response.arrayBuffer()));
    } catch (cause) {
      signal.throwIfAborted();
      throw aborter.signal.aborted ? timedOut('the media server’s answer', REQUEST_MILLIS) : problem(url, cause);
    } finally {
      this.#platform.clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }
}

function originOf(url) {
  const [origin] = /^https?:\/\/[^/?#]+/i.exec(url) ?? [];
  try {
    return new URL(origin).origin;
  } catch (cause) {
    throw new TapedeckError('bad_options', `url is an origin such as https://media.example.org, not ${url}`, {cause});
  }
}

function bodyOf(request) {
  try {
    return encode('gateway.ConnectRequest', {version: VERSION, ...request});
  } catch (cause) {
    throw wrapped('bad_options', 'what is to be sent cannot be encoded', cause);
  }
}

const problem = (url, cause) => wrapped('unreachable', `${new URL(url).origin} cannot be reached`, cause);

/** Bodies are the reference's `Code: 8192, Message: InvalidSdp`, plain text, or our JSON. */
function refusal({status, headers}, body) {
  const serverName = body.match(/^Code: \d+, Message: (\w+)$/)?.[1] ?? null;
  const words = `the media server said ${status}: ${serverName ?? wordsOf(body)}`;
  const retryAfterMillis = millisOf(headers.get('Retry-After'));
  return new TapedeckError(codeOf(status), words, {status, serverName, retryAfterMillis});
}

/** Seconds, or when it is (RFC 9110 §10.2.3). */
function millisOf(retryAfter) {
  const millis = /^\d+$/.test(retryAfter ?? '') ? 1000 * retryAfter : Date.parse(retryAfter) - Date.now();
  return millis >= 0 ? millis : null;
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
