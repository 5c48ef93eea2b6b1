package dev.tapedeck.media.core.record;

/**
 * What the receiver of a stream knows of packets that did not get as far as the tape: counts since the stream began,
 * each only growing but for {@link #askedInVain}. Read by the thread that owns the tape.
 */
public interface StreamLosses {
  /** Nothing is known. */
  StreamLosses NONE = new StreamLosses() {
    @Override
    public long askedInVain() {
      return 0;
    }

    @Override
    public long tooLatePackets() {
      return 0;
    }

    @Override
    public long unauthenticPackets() {
      return 0;
    }

    @Override
    public long duplicatePackets() {
      return 0;
    }
  };

  /** Packets asked for again that have not come. */
  long askedInVain();

  /** Packets so far behind that nobody knew any more whether they had come before. */
  long tooLatePackets();

  /** Packets of this SSRC whose authentication failed. */
  long unauthenticPackets();

  /** Packets that had come before. */
  long duplicatePackets();
}
