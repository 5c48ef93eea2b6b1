package dev.tapedeck.media.core.sctp;

/** One data channel: a stream each way under the same number (RFC 8831 §6.4). */
final class Channel {
  enum State {
    /** Negotiated outside of SCTP; the association is not up yet. */
    WAITING,
    /** Our OPEN is on its way, or not even that. */
    OPENING,
    OPEN,
    /** One side has asked for a reset, or will when all is delivered. */
    CLOSING
  }

  final int id;
  final ChannelParameters parameters;
  final boolean isNegotiated;
  State state;

  /** Whether our request to reset the stream we send on was handed over. */
  boolean isResetRequested;
  boolean isResetByUs;
  boolean isResetByPeer;

  Channel(int id, ChannelParameters parameters, boolean isNegotiated, State state) {
    this.id = id;
    this.parameters = parameters;
    this.isNegotiated = isNegotiated;
    this.state = state;
  }

  boolean takesMessages() {
    return state != State.CLOSING;
  }

  /** Until the peer's ACK nothing may overtake our OPEN (RFC 8832 §6). */
  boolean sendsOrdered() {
    return parameters.isOrdered() || state == State.OPENING;
  }

  boolean isClosed() {
    return isResetByUs && isResetByPeer;
  }
}
