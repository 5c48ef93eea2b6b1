package dev.tapedeck.media.core.sctp;

import java.util.Collection;

/** A whole message of the peer. */
record InboundMessage(int streamId, int protocol, byte[] data) {
  /** @param fragments all of them, in order */
  static InboundMessage of(Collection<Fragment> fragments) {
    Fragment first = fragments.iterator().next();
    if (fragments.size() == 1) {
      return new InboundMessage(first.streamId(), first.protocol(), first.data());
    }
    byte[] data = new byte[fragments.stream().mapToInt(fragment -> fragment.data().length).sum()];
    int at = 0;
    for (Fragment fragment : fragments) {
      System.arraycopy(fragment.data(), 0, data, at, fragment.data().length);
      at += fragment.data().length;
    }
    return new InboundMessage(first.streamId(), first.protocol(), data);
  }
}
