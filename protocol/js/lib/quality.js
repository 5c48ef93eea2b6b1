/** How well the connection does, from what the browser counts. */

const INTERVAL_MILLIS = 2_000;
const POOR = {lost: 0.1, roundTripMillis: 600};
const FAIR = {lost: 0.03, roundTripMillis: 300};

const NOTHING = {packets: 0, lost: 0, bytesReceived: 0, bytesSent: 0};

export class QualityWatch {
  /** @type {'good' | 'fair' | 'poor' | 'lost'} */
  quality = 'good';

  #platform;
  #onChange;
  #connection = null;
  #timer = null;
  #before = null;
  #latest = null;

  /** @param {import('../tapedeck.js').Platform} platform @param {(quality: string) => void} onChange */
  constructor(platform, onChange) {
    this.#platform = platform;
    this.#onChange = onChange;
  }

  /** Watches this connection from now on; null: there is none. */
  watch(connection) {
    this.#connection = connection;
    this.#before = null;
    this.#latest = null;
    this.#platform.clearTimeout(this.#timer);
    this.#set(connection ? 'good' : 'lost');
    if (connection) {
      this.#schedule();
    }
  }

  /**
   * Of the last measurement; the first is made when it is asked for.
   *
   * @returns {Promise<import('../tapedeck.js').ConnectionStats>}
   */
  async stats() {
    const {roundTripMillis = null, ...latest} = this.#latest ?? await this.#measure();
    return {quality: this.quality, roundTripMillis, ...latest};
  }

  #schedule() {
    this.#timer = this.#platform.setTimeout(async () => {
      const connection = this.#connection;
      await this.#measure().catch(() => {}); // of a connection that ends just now
      if (connection && connection === this.#connection) {
        this.#schedule();
      }
    }, INTERVAL_MILLIS);
  }

  async #measure() {
    const connection = this.#connection;
    const report = connection ? [...(await connection.getStats()).values()] : [];
    const now = {...countsOf(report), atMillis: this.#platform.now()};
    const figures = {...figuresOf(report, this.#before ?? {...NOTHING, atMillis: now.atMillis - INTERVAL_MILLIS}, now)};
    if (connection && connection === this.#connection) {
      this.#before = now;
      this.#latest = figures;
      this.#set(gradeOf(figures));
    }
    return figures;
  }

  #set(quality) {
    if (this.quality !== quality) {
      this.quality = quality;
      this.#onChange(quality);
    }
  }
}

function countsOf(report) {
  const inbound = report.filter(({type}) => type === 'inbound-rtp');
  const pair = pairOf(report);
  return {
    packets: sum(inbound, 'packetsReceived'),
    lost: sum(inbound, 'packetsLost'),
    bytesReceived: pair.bytesReceived ?? 0,
    bytesSent: pair.bytesSent ?? 0,
  };
}

function figuresOf(report, before, now) {
  const pair = pairOf(report);
  const lost = Math.max(0, now.lost - before.lost);
  const expected = Math.max(0, now.packets - before.packets) + lost;
  const seconds = Math.max(0.001, (now.atMillis - before.atMillis) / 1000);
  const farEnds = report.filter(({type}) => type === 'remote-inbound-rtp');
  return {
    roundTripMillis: pair.currentRoundTripTime === undefined ? null : 1000 * pair.currentRoundTripTime,
    lostIncoming: expected === 0 ? 0 : lost / expected,
    lostOutgoing: Math.max(0, ...farEnds.map(({fractionLost = 0}) => fractionLost)),
    incomingBitsPerSecond: Math.round(8 * (now.bytesReceived - before.bytesReceived) / seconds),
    outgoingBitsPerSecond: Math.round(8 * (now.bytesSent - before.bytesSent) / seconds),
    availableOutgoingBitsPerSecond: pair.availableOutgoingBitrate ?? null,
  };
}

/** The selected candidate pair; some browsers name it in the transport, others mark it. */
function pairOf(report) {
  const selected = report.find(({type}) => type === 'transport')?.selectedCandidatePairId;
  return report.find((each) => each.type === 'candidate-pair' && (each.id === selected || each.selected)) ?? {};
}

function gradeOf({roundTripMillis, lostIncoming, lostOutgoing}) {
  const isWorse = (than) =>
    Math.max(lostIncoming, lostOutgoing) > than.lost || (roundTripMillis ?? 0) > than.roundTripMillis;
  return isWorse(POOR) ? 'poor' : isWorse(FAIR) ? 'fair' : 'good';
}

const sum = (entries, member) => entries.reduce((total, entry) => total + (entry[member] ?? 0), 0);
