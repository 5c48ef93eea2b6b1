package dev.tapedeck.media.core.session;

import dev.tapedeck.media.core.packet.Path;

/** How the worker learns which datagrams belong to which session, and that one came or went. */
public interface SessionRegistry {
  /** A check from this path passed: its datagrams are this session's. */
  void pathAdded(PeerSession session, Path path);

  void pathRemoved(PeerSession session, Path path);

  /** Checks whose USERNAME begins with this fragment are this session's. */
  void ufragAdded(PeerSession session, long ufragKey);

  void ufragRetired(PeerSession session, long ufragKey);

  void connected(PeerSession session, long nowNanos);

  void closed(PeerSession session, long nowNanos, CloseReason reason);
}
