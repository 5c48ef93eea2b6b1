/** How well somebody's media reaches us. Pure. */

/** Worse first. */
const GRADES = ['lost', 'poor', 'fair', 'good'];
const POOR = {lost: 0.1, roundTripMillis: 600};
const FAIR = {lost: 0.03, roundTripMillis: 300};

/**
 * A person's own line, as the server measures the tracks it gets.
 *
 * @param {(?import('./tapedeck/tapedeck.js').SubscriptionStats)[]} stats of what we receive of one person
 * @returns {'good' | 'fair' | 'poor' | null} by the worst of the tracks; null while nothing was measured
 */
export function signalOf(stats) {
  const sources = stats.map((each) => each?.source ?? null).filter((source) => source !== null);
  const isWorse = (than) => sources.some(({lost, roundTripMillis}) =>
    lost > than.lost || roundTripMillis > than.roundTripMillis);
  if (sources.length === 0) {
    return null;
  }
  return isWorse(POOR) ? 'poor' : isWorse(FAIR) ? 'fair' : 'good';
}

/** @param {string} signal a grade @returns {number} bars of three */
export function barsOf(signal) {
  return GRADES.indexOf(signal);
}
