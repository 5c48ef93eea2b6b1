/** What the module needs of its browser: network, clock and chance. All of it can be replaced. */

import {TapedeckError, timedOut, wrapped} from './errors.js';

/** An application may ask its own backend, which may be restarting too. */
const PROVIDE_MILLIS = 15_000;

/**
 * @param {Partial<import('../tapedeck.js').Platform>} [parts] instead of the browser's
 * @returns {import('../tapedeck.js').Platform}
 */
export function platformWith(parts = {}) {
  return {
    fetch: (...args) => globalThis.fetch(...args),
    RTCPeerConnection: globalThis.RTCPeerConnection,
    MediaStream: globalThis.MediaStream,
    setTimeout: (action, millis) => globalThis.setTimeout(action, millis),
    clearTimeout: (timer) => globalThis.clearTimeout(timer),
    now: () => performance.now(),
    random: Math.random,
    ...parts,
  };
}

/**
 * Waits for a promise, but not longer than this.
 *
 * @template T
 * @param {string} what for the error's message, such as `the answer to the offer`
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
export function within(platform, millis, what, promise) {
  return new Promise((resolve, reject) => {
    const timer = platform.setTimeout(() => reject(timedOut(what, millis)), millis);
    promise.then(resolve, reject).finally(() => platform.clearTimeout(timer));
  });
}

/**
 * Waits for a promise, but only until this is aborted: then rejected with its reason.
 *
 * @template T
 * @param {AbortSignal} signal
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
export function unlessAborted(signal, promise) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, {once: true});
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) {
      abort();
    }
  });
}

/** Resolves after this time. */
export function sleep(platform, millis) {
  return new Promise((resolve) => platform.setTimeout(resolve, millis));
}

/**
 * What the application provides, asked for anew.
 *
 * @param {string} what for the error's message, such as `token`
 * @param {import('../tapedeck.js').Provided<string>} provided
 * @param {AbortSignal} signal rejects with its reason
 * @returns {Promise<string>}
 * @throws {TapedeckError} `not_provided`; `timed_out`
 */
export async function valueOf(platform, what, provided, signal) {
  const asked = (async () => typeof provided === 'function' ? provided() : provided)();
  try {
    const given = within(platform, PROVIDE_MILLIS, `the function that gives the ${what}`, asked);
    const value = await unlessAborted(signal, given);
    if (typeof value !== 'string' || !value) {
      throw new TapedeckError('not_provided', `the ${what} is a text, not ${value}`);
    }
    return value;
  } catch (cause) {
    throw wrapped('not_provided', `the function that gives the ${what} failed`, cause);
  }
}
