/** What the module needs of its browser: network, clock and chance. All of it can be replaced. */

import {timedOut} from './errors.js';

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

/** Resolves after this time. */
export function sleep(platform, millis) {
  return new Promise((resolve) => platform.setTimeout(resolve, millis));
}

/** @template T @param {import('../tapedeck.js').Provided<T>} provided @returns {Promise<T>} */
export async function valueOf(provided) {
  return typeof provided === 'function' ? provided() : provided;
}
