package dev.tapedeck.media.core.session;

import dev.tapedeck.protocol.wire.session.RoomJoin;

/** Decides about joins that are asked for over a data channel. Asked on the worker's thread; waits for nothing. */
@FunctionalInterface
public interface JoinGate {
  /**
   * @param app        of the connection
   * @param connection name of its HTTP resource
   * @param token      for this room and peer
   */
  Decision decide(String app, String connection, RoomJoin info, String token);

  /** The stay that was granted does not begin: what was spent for it may be used again. */
  default void giveBack(String app, String connection, Join join) {}

  /** What becomes of it. */
  sealed interface Decision {
    record Granted(Join join) implements Decision {}

    /** @param why for people */
    record Refused(SdkError error, String why) implements Decision {}
  }
}
