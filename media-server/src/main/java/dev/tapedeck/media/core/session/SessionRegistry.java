package dev.tapedeck.media.core.session;

import dev.tapedeck.media.core.packet.Path;

/** How the worker learns which datagrams belong to which session, and that one came or went. */
public interface SessionRegistry {
  /** A check from this path passed: its datagrams are this session's. */
  void pathAdded(PeerSession session, Path path);

  void pathRemoved(PeerSession session, Path path);

  /** Checks whose USERNAME begins with this fragment are this session's. */
  void ufragAdded(PeerSession session, long ufragKey);

  void ufragRetired(long ufragKey);

  void connected(PeerSession session, long nowNanos);

  /** The session has ended; what its client still needs for its goodbye goes on. */
  void closed(PeerSession session, long nowNanos, CloseReason reason);

  /** The session is closed and will send nothing more; no datagram is for it. Told once. */
  void gone(PeerSession session);
}
